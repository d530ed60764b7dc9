import { hasControlCharacter } from "./control_character.ts";

/** What a value may be; both count what aliases stand for each time they stand for it. */
export type Limits = {
  /** Characters of all keys and scalars. */
  readonly chars: number;
  /** Collections within each other. */
  readonly depth: number;
};

/** Something in a value that was made to hurt: the entry of a collection, and why. */
export type Hurt = {
  readonly collection: object;
  readonly key: string;
  readonly reason: string;
};

/** Keys through which JavaScript reaches the prototypes that all objects share. */
const prototypeKeys = new Set(["__proto__", "constructor", "prototype"]);

type Extent = { readonly chars: number; readonly depth: number };

/**
 * Finds what would hurt whoever uses a value that was read from YAML: aliases
 * that stand for themselves or let a small text become a huge value, keys
 * that reach prototypes, and keys with control characters.
 */
export function findHurt(value: unknown, limits: Limits): Hurt | null {
  try {
    new Inspection(limits).inspect(value);
    return null;
  } catch (error) {
    if (error instanceof Found) return error.hurt;
    throw error;
  }
}

class Found extends Error {
  constructor(readonly hurt: Hurt) {
    super(hurt.reason);
  }
}

/** Looks into every collection once; aliases are further places of the same one. */
class Inspection {
  readonly #limits: Limits;
  /** `null` while its entries are looked at. */
  readonly #extents = new Map<object, Extent | null>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  #isOpen(value: unknown): boolean {
    return typeof value === "object" && value !== null &&
      this.#extents.get(value) === null;
  }

  inspect(value: unknown): Extent {
    if (typeof value === "string") return { chars: value.length + 1, depth: 0 };
    if (typeof value !== "object" || value === null) {
      return { chars: 1, depth: 0 };
    }
    const known = this.#extents.get(value);
    if (known) return known;
    this.#extents.set(value, null);
    let chars = 1;
    let depth = 0;
    for (const key of Object.keys(value)) {
      const entry: unknown = Reflect.get(value, key);
      const refuse = (reason: string) => {
        throw new Found({ collection: value, key, reason });
      };
      const fault = Array.isArray(value) ? null : keyFault(key);
      if (fault !== null) refuse(fault);
      if (this.#isOpen(entry)) {
        refuse("an alias stands within what it stands for");
      }
      const extent = this.inspect(entry);
      chars += key.length + extent.chars;
      depth = Math.max(depth, extent.depth);
      if (chars > this.#limits.chars) {
        refuse(
          `with its aliases replaced by what they stand for it has more than ${this.#limits.chars} characters`,
        );
      }
      if (depth >= this.#limits.depth) {
        refuse(`it is nested more than ${this.#limits.depth} levels deep`);
      }
    }
    const extent = { chars, depth: depth + 1 };
    this.#extents.set(value, extent);
    return extent;
  }
}

function keyFault(key: string): string | null {
  if (prototypeKeys.has(key)) return `the key "${key}" is not allowed`;
  if (hasControlCharacter(key)) {
    return `the key ${JSON.stringify(key)} has control characters in it`;
  }
  return null;
}
