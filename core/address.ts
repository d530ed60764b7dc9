/**
 * Where a request comes from. A header says whatever its sender likes, so only
 * what a proxy that the operator named has added to it is believed.
 * @module
 */

/** A range of addresses, such as `10.0.0.0/8`. */
export type Network = { readonly bytes: Uint8Array; readonly bits: number };

/** Reads an address or a range of them; null when it is neither. */
export function parseNetwork(text: string): Network | null {
  const [address = "", prefix, ...more] = text.split("/");
  const bytes = parseAddress(address);
  if (bytes === null || more.length > 0) return null;
  const most = bytes.length * 8;
  if (prefix === undefined) return { bytes, bits: most };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > most) return null;
  return { bytes, bits: Number(prefix) };
}

/**
 * The client's address: the peer's, or, where that is a proxy of the operator's,
 * the last one in `X-Forwarded-For` that is not. Null when the peer is not known.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | null,
  proxies: readonly Network[],
): string | null {
  const nearest = parseAddress(peer ?? "");
  if (nearest === null) return null;
  let client = nearest;
  for (const hop of (forwardedFor ?? "").split(",").reverse()) {
    if (!proxies.some((proxy) => contains(proxy, client))) break;
    const before = parseAddress(withoutPort(hop.trim()));
    if (before === null) break;
    client = before;
  }
  return format(client);
}

/** What one client holds: an IPv4 address, or the /64 of an IPv6 address, all of which one machine can use. */
export function sourceOf(address: string): string {
  const bytes = parseAddress(address);
  return bytes?.length === 16 ? `${format(bytes.fill(0, 8))}/64` : address;
}

function contains(network: Network, address: Uint8Array): boolean {
  if (network.bytes.length !== address.length) return false;
  return network.bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, network.bits - index * 8));
    const mask = 0xff & (0xff << (8 - bits));
    return (byte & mask) === ((address[index] ?? 0) & mask);
  });
}

/** `192.0.2.1:1234` and `[2001:db8::1]:1234`, as some proxies write it. */
function withoutPort(hop: string): string {
  return /^\[(.*)\](:\d+)?$/.exec(hop)?.[1] ??
    /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
}

/** 4 or 16 bytes; an IPv4 address that is mapped into IPv6 is the IPv4 address. */
function parseAddress(text: string): Uint8Array | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const parts = text.split(".").map(Number);
    return parts.every((part) => part <= 255) ? Uint8Array.from(parts) : null;
  }
  const [address = ""] = text.split("%");
  if (!/^[\da-f:.]+$/i.test(address) || !address.includes(":")) return null;
  const url = `http://[${address}]/`;
  if (!URL.canParse(url)) return null;
  const bytes = expand(new URL(url).hostname.slice(1, -1));
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 0xff && bytes[11] === 0xff;
  return isMapped ? bytes.slice(12) : bytes;
}

/** The canonical form, which the URL parser makes, has groups in hex alone. */
function expand(canonical: string): Uint8Array {
  const [head = [], tail = []] = canonical.split("::").map((half) =>
    half === "" ? [] : half.split(":").map((group) => parseInt(group, 16))
  );
  const gap = new Array<number>(8 - head.length - tail.length).fill(0);
  const groups = [...head, ...gap, ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function format(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from(
    { length: 8 },
    (_, index) =>
      (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(
        16,
      ),
  );
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
