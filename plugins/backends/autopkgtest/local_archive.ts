/**
 * An archive of Debian packages that only tests want: small, signed and inside
 * of the testbed, so that no network is needed.
 * @module
 */
import { run } from "./testing.ts";

/** One suite: which packages it has, in which version. */
export type Suite = {
  readonly name: string;
  readonly version: string;
  /** Each is the only binary of a source of the same name. */
  readonly packages: readonly string[];
};

/** A key that signs, and what a testbed is given of it. */
export type SigningKey = {
  readonly publicKey: string;
  clearSign(file: string, to: string): Promise<void>;
};

/** Lends a fresh key, and leaves nothing of it behind. */
export async function withSigningKey(
  name: string,
  use: (key: SigningKey) => Promise<void>,
): Promise<void> {
  const home = await Deno.makeTempDir({ prefix: "slipway-gpg-" });
  const gpg = (...args: string[]) =>
    run("gpg", ["--homedir", home, "--batch", "--passphrase", "", ...args]);
  try {
    await gpg("--quick-gen-key", name, "ed25519", "sign", "never");
    await use({
      publicKey: await gpg("--armor", "--export"),
      async clearSign(file, to) {
        await gpg("--clearsign", "--output", to, file);
      },
    });
  } finally {
    await run("gpgconf", ["--homedir", home, "--kill", "all"]);
    await Deno.remove(home, { recursive: true });
  }
}

/** Adds a suite to the archive in a folder. */
export async function writeSuite(
  archive: string,
  suite: Suite,
  key: SigningKey,
): Promise<void> {
  const pool = `pool/${suite.name}`;
  const dist = `${archive}/dists/${suite.name}`;
  const arch = (await run("dpkg", ["--print-architecture"])).trim();
  const indexes = {
    [`main/binary-${arch}/Packages`]: "",
    "main/source/Sources": suite.packages.map((name) =>
      sourceStanza(name, suite.version)
    ).join("\n"),
  };
  await Deno.mkdir(`${archive}/${pool}`, { recursive: true });
  for (const name of suite.packages) {
    await buildPackage(`${archive}/${pool}`, name, suite.version);
  }
  indexes[`main/binary-${arch}/Packages`] = await inFolder(archive, [
    "dpkg-scanpackages",
    pool,
  ]);
  for (const [path, text] of Object.entries(indexes)) {
    await Deno.mkdir(`${dist}/${path.slice(0, path.lastIndexOf("/"))}`, {
      recursive: true,
    });
    await Deno.writeTextFile(`${dist}/${path}`, text);
  }
  await Deno.writeTextFile(
    `${dist}/Release`,
    await release(suite.name, arch, indexes),
  );
  await key.clearSign(`${dist}/Release`, `${dist}/InRelease`);
}

async function buildPackage(
  pool: string,
  name: string,
  version: string,
): Promise<void> {
  const tree = `${pool}/${name}`;
  await Deno.mkdir(`${tree}/DEBIAN`, { recursive: true });
  await Deno.writeTextFile(
    `${tree}/DEBIAN/control`,
    `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: Slipway <slipway@example.org>\nDescription: sample\n`,
  );
  await run("dpkg-deb", [
    "--root-owner-group",
    "--build",
    tree,
    `${pool}/${name}_${version}_all.deb`,
  ]);
  await Deno.remove(tree, { recursive: true });
}

/** As much of a source as says what it builds. */
function sourceStanza(name: string, version: string): string {
  return `Package: ${name}
Binary: ${name}
Version: ${version}
Maintainer: Slipway <slipway@example.org>
Architecture: all
Format: 3.0 (native)
Directory: pool
Package-List:
 ${name} deb misc optional arch=all
Checksums-Sha256:
 ${"0".repeat(64)} 1 ${name}_${version}.dsc
`;
}

async function release(
  suite: string,
  arch: string,
  indexes: Readonly<Record<string, string>>,
): Promise<string> {
  const sums = await Promise.all(
    Object.entries(indexes).map(async ([path, text]) => {
      const bytes = new TextEncoder().encode(text);
      const digest = await crypto.subtle.digest("SHA-256", bytes);
      return ` ${new Uint8Array(digest).toHex()} ${bytes.length} ${path}\n`;
    }),
  );
  const date = new Date().toUTCString().replace("GMT", "UTC");
  return `Origin: Slipway
Suite: ${suite}
Codename: slipway-${suite}
Date: ${date}
Architectures: ${arch}
Components: main
SHA256:
${sums.join("")}`;
}

async function inFolder(
  folder: string,
  [command, ...args]: readonly [string, ...string[]],
): Promise<string> {
  return await run("env", [`--chdir=${folder}`, command, ...args]);
}
