/** A file that an attempt hands in. */
export type UploadedFile = {
  readonly path: string;
  readonly contentType: string;
  /** Base64. */
  readonly sha256: string;
  /** The bytes, anew for each try. */
  readonly open: () => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
};

/** The types that pages can show; the rest is bytes. */
const contentTypes: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/json",
  log: "text/plain; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
  png: "image/png",
  svg: "image/svg+xml",
  gz: "application/gzip",
};

/** Describes bytes, or a file of this machine, for being handed in. */
export async function toUploadedFile(
  path: string,
  content: Uint8Array<ArrayBuffer> | { readonly file: string },
  contentType = guessType(path),
): Promise<UploadedFile> {
  const open = content instanceof Uint8Array
    ? () => Promise.resolve(new Blob([content]).stream())
    : async () => (await Deno.open(content.file)).readable;
  return { path, contentType, sha256: await digest(await open()), open };
}

function guessType(path: string): string {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(contentTypes, extension)
    ? contentTypes[extension] ?? ""
    : "application/octet-stream";
}

/** Piece by piece, which WebCrypto cannot. */
async function digest(bytes: ReadableStream<Uint8Array>): Promise<string> {
  const { createHash } = process.getBuiltinModule("node:crypto");
  const hash = createHash("sha256");
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest("base64");
}
