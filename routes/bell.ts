/** Somebody who waits for something that has to do with the tag. */
export type Listening = Disposable & {
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

  /** Begin to listen before looking, so that what happens meanwhile is not missed. */
  listen(tag: Tag): Listening {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listener = { tag, ring: resolve };
    this.#listeners.add(listener);
    let timer: ReturnType<typeof setTimeout> | undefined;
    return {
      wait: (ms, gone) => {
        timer = setTimeout(resolve, ms);
        if (gone.aborted) resolve();
        gone.addEventListener("abort", () => resolve(), { once: true });
        return promise;
      },
      [Symbol.dispose]: () => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
      },
    };
  }
}
