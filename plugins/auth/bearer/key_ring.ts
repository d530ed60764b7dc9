import { badCredential } from "../../../core/credential.ts";
import type { Database } from "../../../core/database.ts";
import type { KeySet } from "./key_set.ts";
import { findKeys, type KeptKey } from "./key_store.ts";
import { type HeldKey, importPublicJwk } from "./signing_key.ts";

/** The store is asked for unknown keys at most once in this time, however many forgeries come. */
const readIntervalMs = 50;

/**
 * The public keys that count: those that this server holds, and those that
 * others have kept in the store, so that a rotation needs no restart. Retired
 * ones are left out when the store is read, and refused by the token's own row.
 */
export class KeyRing {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #held: () => Promise<KeySet | null>;
  #keys: ReadonlyMap<string, HeldKey> = new Map();
  #readAt = -Infinity;
  #coming: Promise<void> | null = null;

  constructor(
    lent: {
      readonly database: Database;
      readonly now: () => number;
      /** Null: this server holds none. */
      readonly held: () => Promise<KeySet | null>;
    },
  ) {
    this.#database = lent.database;
    this.#now = lent.now;
    this.#held = lent.held;
  }

  /** The key of that name, or null. A name that is unknown has the store read, or waits for the next time that it is. */
  async find(kid: string | undefined): Promise<HeldKey | null> {
    if (kid === undefined || !/^[\w-]{43}$/.test(kid)) return null;
    const known = this.#keys.get(kid) ?? await this.#findHeld(kid);
    if (known !== null) return known;
    await (this.#coming ??= this.#read());
    const found = this.#keys.get(kid);
    if (found === undefined && this.#keys.size === 0) await this.#requireHeld();
    return found ?? null;
  }

  /** Every key whose tokens are good now, out of the store, the newest first. */
  async all(): Promise<readonly HeldKey[]> {
    const kept = await findKeys(this.#database);
    const set = await this.#held();
    const held = set === null ? [] : [set.active, ...set.verifyOnly];
    const unkept = held.filter(({ kid }) =>
      !kept.some((key) => key.kid === kid)
    );
    return [...unkept, ...await importLive(kept)];
  }

  async #findHeld(kid: string): Promise<HeldKey | null> {
    const set = await this.#held();
    if (set === null) return null;
    return [set.active, ...set.verifyOnly].find((key) => key.kid === kid) ??
      null;
  }

  async #requireHeld(): Promise<void> {
    if (await this.#held() !== null) return;
    throw badCredential(
      "this server has no signing key and so accepts no tokens; its operator sets SLIPWAY_SIGNING_KEY",
    );
  }

  async #read(): Promise<void> {
    await this.#untilNextRead();
    this.#readAt = this.#now();
    // Whoever comes from here on may know a key that this read does not see any more.
    this.#coming = null;
    const keys = await importLive(await findKeys(this.#database));
    this.#keys = new Map(keys.map((key) => [key.kid, key]));
  }

  async #untilNextRead(): Promise<void> {
    const waitMs = this.#readAt + readIntervalMs - this.#now();
    if (waitMs <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, Math.min(readIntervalMs, waitMs));
    await promise;
  }
}

function importLive(kept: readonly KeptKey[]): Promise<HeldKey[]> {
  return Promise.all(
    kept.filter(({ retiredAt }) => retiredAt === null)
      .map(({ publicJwk }) => importPublicJwk(publicJwk)),
  );
}
