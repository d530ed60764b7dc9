/** What stands for what in an operator's arguments. */
export type Names = { readonly suite: string; readonly arch: string };

/**
 * The arguments of one of autopkgtest's virtualisation servers as an operator
 * writes them: words with blanks between, in which `{suite}` and `{arch}` stand
 * for those of a run; the first that begins neither with `-` nor with `@` names
 * the testbed. What follows `--` is for the program that starts it. An argument
 * with blanks in it goes into a file, one argument a line, which `@FILE` stands for:
 * autopkgtest reads it.
 */
export class ServerArguments {
  readonly #words: readonly string[];
  readonly #further: readonly string[];
  readonly #bedAt: number;

  /** @throws TypeError when no word names a testbed. */
  constructor(text: string) {
    const words = text.trim().split(/\s+/);
    const end = words.indexOf("--");
    this.#words = end < 0 ? words : words.slice(0, end);
    this.#further = end < 0 ? [] : words.slice(end + 1);
    this.#bedAt = this.#words.findIndex((word) => /^[^-@]/.test(word));
    if (this.#bedAt < 0) {
      throw new TypeError(
        `${JSON.stringify(text)} names no testbed, such as name-{suite}`,
      );
    }
  }

  /** The name of the testbed, `{suite}` and `{arch}` not filled in. */
  get template(): string {
    return this.#words[this.#bedAt] ?? "";
  }

  /** Whether the operator gave this option. */
  has(option: string): boolean {
    return this.#words.includes(option);
  }

  /** The name of a run's testbed. */
  bed(names: Names): string {
    return fill(this.template, names);
  }

  /** All arguments for a run; `options` go before the operator's, and `further` before what follows their `--`. */
  fill(
    names: Names,
    ours: {
      readonly options?: readonly string[];
      readonly further?: readonly string[];
    } = {},
  ): string[] {
    const words = this.#words.map((word) => fill(word, names));
    const further = [
      ...ours.further ?? [],
      ...this.#further.map((word) => fill(word, names)),
    ];
    return [
      ...ours.options ?? [],
      ...words,
      ...further.length > 0 ? ["--", ...further] : [],
    ];
  }

  /** The suites that testbeds of these names serve; `*` when one serves all. */
  suites(beds: readonly string[], arch: string): string[] {
    if (!this.template.includes("{suite}")) {
      return beds.includes(fill(this.template, { suite: "", arch }))
        ? ["*"]
        : [];
    }
    const pattern = RegExp.escape(this.template)
      .replaceAll(RegExp.escape("{arch}"), () => RegExp.escape(arch))
      .replaceAll(RegExp.escape("{suite}"), "([a-z0-9][a-z0-9+.-]*)");
    const found = beds.flatMap((bed) =>
      new RegExp(`^${pattern}$`).exec(bed)?.[1] ?? []
    );
    return [...new Set(found)].sort();
  }
}

function fill(word: string, { suite, arch }: Names): string {
  return word.replaceAll("{suite}", () => suite).replaceAll(
    "{arch}",
    () => arch,
  );
}
