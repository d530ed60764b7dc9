/** Bytes waiting to be sent, first in first out. Keeps its own copies. */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  push(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    this.#chunks.push(bytes.slice());
    this.#sizeBytes += bytes.byteLength;
  }

  /** A copy of the first bytes, at most so many; they stay in the queue. */
  peek(maxBytes: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(Math.min(maxBytes, this.#sizeBytes));
    let at = 0;
    for (const chunk of this.#chunks) {
      if (at === bytes.byteLength) break;
      const part = chunk.subarray(0, bytes.byteLength - at);
      bytes.set(part, at);
      at += part.byteLength;
    }
    return bytes;
  }

  /** Forgets the first bytes. */
  drop(sizeBytes: number): void {
    let left = Math.min(sizeBytes, this.#sizeBytes);
    this.#sizeBytes -= left;
    let whole = 0;
    for (const chunk of this.#chunks) {
      if (chunk.byteLength > left) {
        this.#chunks[whole] = chunk.subarray(left);
        break;
      }
      left -= chunk.byteLength;
      whole++;
    }
    this.#chunks.splice(0, whole);
  }

  /** Puts bytes before all others. */
  unshift(bytes: Uint8Array): void {
    this.#chunks.unshift(bytes.slice());
    this.#sizeBytes += bytes.byteLength;
  }

  clear(): void {
    this.#chunks = [];
    this.#sizeBytes = 0;
  }
}
