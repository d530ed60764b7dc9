// @ts-types="@types/js-yaml"
import type { EventType, State } from "js-yaml";

/** Where a value stands in a document: keys and indexes from the top. */
export type Path = readonly PropertyKey[];

/** Something that the parser read: keys and values of a mapping are its parts in turn. */
type Part = {
  readonly line: number;
  readonly parts: Part[];
  value: unknown;
};

/** Notes on which lines values stand while js-yaml reads a text. */
export class Outline {
  readonly #open: Part[] = [];
  readonly #collections = new Map<unknown, Part>();

  /** js-yaml's `listener`. */
  readonly listener = (type: EventType, state: State): void => {
    if (type === "open") {
      this.#open.push({ line: state.line + 1, parts: [], value: undefined });
      return;
    }
    const part = this.#open.pop();
    if (part === undefined) return;
    part.value = state.result;
    this.#open.at(-1)?.parts.push(part);
    if (state.kind === "mapping" || state.kind === "sequence") {
      this.#collections.set(state.result, part);
    }
  };

  /** The line of what stands at the path below `value`, or of what is nearest above it. Keys match whatever their case. */
  lineOf(value: unknown, path: Path): number | null {
    let line = this.#collections.get(value)?.line ?? null;
    for (const step of path) {
      if (!isCollection(value)) break;
      const key = keyOf(value, step);
      const found = key === null ? null : this.lineOfEntry(value, key);
      if (key === null || found === null) break;
      line = found;
      value = Reflect.get(value, key);
    }
    return line;
  }

  /** The line of one entry of a collection. */
  lineOfEntry(collection: object, key: string): number | null {
    const value: unknown = Reflect.get(collection, key);
    const part = this.#collections.get(collection);
    if (part === undefined) return null;
    const { parts } = part;
    if (Array.isArray(collection) && parts.length === collection.length) {
      return parts[Number(key)]?.line ?? part.line;
    }
    const whole = this.#collections.get(value);
    if (whole !== undefined) return whole.line;
    const at = parts.findIndex((name, index) =>
      String(name.value) === key &&
      (value === null || Object.is(parts[index + 1]?.value, value))
    );
    return parts[at]?.line ?? part.line;
  }
}

function isCollection(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** The key as it is written. */
function keyOf(collection: object, step: PropertyKey): string | null {
  const name = String(step);
  if (Object.hasOwn(collection, name)) return name;
  const wanted = name.toLowerCase();
  return Object.keys(collection).find((key) => key.toLowerCase() === wanted) ??
    null;
}
