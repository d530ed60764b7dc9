/** Looks again and again until something holds; fails with the sentence when it does not within the time. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  otherwise: string,
  patienceMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
