import { argon2idAsync } from "@noble/hashes/argon2.js";

/** Between two yields to other requests, where there are no threads. */
const sliceMs = 5;

/** What takes less is done before a thread has started. */
const worthThreadKib = 1024;

/** As `@noble/hashes` takes them. */
type Options = {
  readonly m: number;
  readonly t: number;
  readonly p: number;
  readonly dkLen: number;
};

/**
 * Argon2id (RFC 9106). In a thread of its own where the platform has them, so
 * that other requests go on meanwhile; else in slices of 5 ms.
 */
export async function computeArgon2id(
  password: string,
  salt: Uint8Array,
  options: Options,
): Promise<Uint8Array> {
  const worker = options.m * options.t < worthThreadKib ? null : startWorker();
  if (worker === null) {
    return await argon2idAsync(password, salt, {
      ...options,
      asyncTick: sliceMs,
    });
  }
  const { port1, port2 } = new MessageChannel();
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      port1.onmessage = ({ data }) =>
        data instanceof Uint8Array
          ? resolve(data)
          : reject(new TypeError("Cannot compute a hash: the answer is odd"));
      worker.onerror = (event) => {
        event.preventDefault();
        // Its message may quote what was sent.
        reject(new Error("Cannot compute a hash: its thread has failed"));
      };
      worker.postMessage({ password, salt, options }, [port2]);
    });
  } finally {
    port1.close();
    worker.terminate();
  }
}

/** Null at the edge, where there are none, or where they may not be started. */
function startWorker(): Worker | null {
  if (globalThis.Worker === undefined) return null;
  try {
    const module = new URL("./argon2_worker.ts", import.meta.url);
    return new Worker(module, { type: "module", name: "argon2" });
  } catch {
    return null;
  }
}
