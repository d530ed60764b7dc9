/** Somebody who waits for something that has to do with the tag. */
export type Listening = Disposable & {
  /** Whether the bell has rung for this listener since `listen`. */
  readonly hasRung: boolean;
  /** Resolves when the bell has rung since `listen`, after the time, or once nobody wants to know any more. */
  wait(ms: number, gone: AbortSignal): Promise<void>;
};

/** Wakes those who wait in this process. What happens in others they find out by looking again. */
export class Bell<Tag> {
  readonly #listeners = new Set<
    { readonly tag: Tag; readonly ring: () => void }
  >();

  /** Wakes the listeners that are meant. */
  ring(isMeant: (tag: Tag) => boolean): void {
    for (const { tag, ring } of this.#listeners) if (isMeant(tag)) ring();
  }

  /** Wakes one listener that is meant: the one that has listened for longest and was not woken yet. Whether there was one. */
  ringOne(isMeant: (tag: Tag) => boolean): boolean {
    for (const listener of this.#listeners) {
      if (!isMeant(listener.tag)) continue;
      this.#listeners.delete(listener);
      listener.ring();
      return true;
    }
    return false;
  }

  /** Begin to listen before looking, so that what happens meanwhile is not missed. */
  listen(tag: Tag): Listening {
    const { promise, resolve } = Promise.withResolvers<void>();
    let hasRung = false;
    const listener = {
      tag,
      ring: () => {
        hasRung = true;
        resolve();
      },
    };
    this.#listeners.add(listener);
    const leave = () => resolve();
    return {
      get hasRung() {
        return hasRung;
      },
      wait: async (ms, gone) => {
        if (gone.aborted) return;
        const timer = setTimeout(resolve, ms);
        gone.addEventListener("abort", leave);
        try {
          await promise;
        } finally {
          clearTimeout(timer);
          gone.removeEventListener("abort", leave);
        }
      },
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
      },
    };
  }
}
