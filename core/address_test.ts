import { assertEquals } from "@std/assert";
import { clientAddress, parseNetwork, sourceOf } from "./address.ts";

const proxies = ["10.0.0.0/8", "2001:db8:1::/48", "192.0.2.7"].flatMap((text) =>
  parseNetwork(text) ?? []
);

Deno.test("what a client writes into X-Forwarded-For is not believed", () => {
  for (const header of [null, "", "1.2.3.4", "1.2.3.4, 10.0.0.1", "10.0.0.1"]) {
    assertEquals(clientAddress("203.0.113.9", header, proxies), "203.0.113.9");
    assertEquals(clientAddress("10.0.0.1", header, []), "10.0.0.1");
  }
});

Deno.test("behind proxies of the operator's, the client is the last one that is none", () => {
  const asked: [string, string, string][] = [
    ["10.1.2.3", "198.51.100.1", "198.51.100.1"],
    ["192.0.2.7", "6.6.6.6, 198.51.100.1, 10.9.9.9", "198.51.100.1"],
    ["::ffff:10.1.2.3", "198.51.100.1:4711", "198.51.100.1"],
    ["2001:db8:1:2::3", "[2001:db8:9::5]:443", "2001:db8:9::5"],
    ["10.1.2.3", "2001:0DB8:0009:0:0:0:0:5", "2001:db8:9::5"],
    ["10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"],
    // Only proxies: the farthest one that is known.
    ["10.1.2.3", "10.0.0.5", "10.0.0.5"],
    // What is no address ends the search where it is still true.
    ["10.1.2.3", "198.51.100.1, unknown", "10.1.2.3"],
    ["10.1.2.3", "198.51.100.1, 1.2.3.999", "10.1.2.3"],
    ["192.0.2.8", "198.51.100.1", "192.0.2.8"],
  ];
  for (const [peer, header, client] of asked) {
    assertEquals(
      clientAddress(peer, header, proxies),
      client,
      `${peer} ${header}`,
    );
  }
});

Deno.test("without a peer nothing is known, whatever a header says", () => {
  for (const peer of [undefined, "", "/run/slipway.sock"]) {
    assertEquals(clientAddress(peer, "198.51.100.1", proxies), null);
  }
});

Deno.test("parseNetwork() takes addresses and ranges, and nothing else", () => {
  for (
    const text of [
      "",
      "10.0.0.0/33",
      "10.0.0/8",
      "::/129",
      "10.0.0.0/8/8",
      "host",
      "10.0.0.0/x",
      "1.2.3.256",
    ]
  ) {
    assertEquals(parseNetwork(text), null, text);
  }
  assertEquals(parseNetwork("::1")?.bits, 128);
  assertEquals(parseNetwork("10.0.0.0/0")?.bits, 0);
});

Deno.test("a source is an IPv4 address or a /64: one machine has all of the latter", () => {
  assertEquals(sourceOf("192.0.2.1"), "192.0.2.1");
  assertEquals(sourceOf("2001:db8:9:1:aaaa::5"), "2001:db8:9:1::/64");
  assertEquals(sourceOf("2001:db8:9:1:bbbb:1:2:3"), "2001:db8:9:1::/64");
});
