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

  inspect(value: unknown): Extent {
    if (typeof value === "string") return { chars: value.length + 1, depth: 0 };
    if (typeof value !== "object" || value === null) {
      return { chars: 1, depth: 0 };
    }
    const known = this.#extents.get(value);
    if (known) return known;
    this.#extents.set(value, null);
    const isList = Array.isArray(value);
    let chars = 1;
    let depth = 0;
    for (const key of Object.keys(value)) {
      const entry: unknown = Reflect.get(value, key);
      const reason = (isList ? null : keyFault(key)) ?? this.#loopFault(entry);
      if (reason !== null) throw new Found({ collection: value, key, reason });
      const extent = this.inspect(entry);
      chars += extent.chars + (isList ? 0 : key.length);
      depth = Math.max(depth, extent.depth);
      const excess = this.#excess(chars, depth);
      if (excess !== null) {
        throw new Found({ collection: value, key, reason: excess });
      }
    }
    const extent = { chars, depth: depth + 1 };
    this.#extents.set(value, extent);
    return extent;
  }

  #loopFault(entry: unknown): string | null {
    const isOpen = typeof entry === "object" && entry !== null &&
      this.#extents.get(entry) === null;
    return isOpen ? "an alias stands within what it stands for" : null;
  }

  #excess(chars: number, depth: number): string | null {
    const limits = this.#limits;
    if (chars > limits.chars) {
      return `with its aliases replaced by what they stand for it has more than ${limits.chars} characters`;
    }
    return depth < limits.depth
      ? null
      : `it is nested more than ${limits.depth} levels deep`;
  }
}

function keyFault(key: string): string | null {
  if (prototypeKeys.has(key)) return `the key "${key}" is not allowed`;
  if (hasControlCharacter(key)) {
    return `the key ${JSON.stringify(key)} has control characters in it`;
  }
  return null;
}
