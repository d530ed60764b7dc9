/** What is known of a stored blob. */
export type BlobInfo = {
  readonly sizeBytes: number;
  /** Lowercase hex. */
  readonly sha256: string;
};

/**
 * Large bytes, addressed by what they are: names are data, never paths.
 * Writing the same bytes again changes nothing.
 */
export interface BlobStore {
  /**
   * Stores a stream while counting and hashing it.
   *
   * @throws ApiError `too_large` once `maxBytes` is passed, `conflict` when `sha256` is given and the bytes differ; nothing is kept then.
   */
  put(
    body: ReadableStream<Uint8Array>,
    options: { readonly maxBytes: number; readonly sha256?: string },
  ): Promise<BlobInfo>;
  /** The bytes from `start` to before `end`, or null when there is no such blob. */
  get(
    sha256: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null>;
}
