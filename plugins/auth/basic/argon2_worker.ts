/**
 * Computes one Argon2id hash in a thread of its own. The message is
 * `{ password, salt, options }` with a port, on which the hash comes back.
 * It loads nothing else: it is started for every password.
 * @module
 */
import { argon2id } from "@noble/hashes/argon2.js";

addEventListener("message", (event) => {
  if (!(event instanceof MessageEvent)) return;
  const { password, salt, options } = event.data;
  event.ports[0]?.postMessage(argon2id(password, salt, options));
});
