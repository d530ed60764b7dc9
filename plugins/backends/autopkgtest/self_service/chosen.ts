/** The most tests that one form cancels or publishes. */
export const maxChosen = 500;

/** Numbers of tests that were ticked (`run_ids[]`), or listed between commas as debci's pages send them (`run_ids`); what is no number is left out. */
export function readChosen(fields: URLSearchParams): number[] {
  const words = [...fields.getAll("run_ids[]"), ...fields.getAll("run_ids")]
    .flatMap((text) => text.split(",")).map((word) => word.trim())
    .filter((word) => /^\d{1,15}$/.test(word));
  return [...new Set(words.map(Number))];
}

/** What is wrong with a choice; null when nothing is. */
export function chosenFault(numbers: readonly number[]): string | null {
  if (numbers.length === 0) return "Nothing was done: tick a test, or several";
  return numbers.length > maxChosen
    ? `Nothing was done: ${numbers.length} tests are ticked; tick at most ${maxChosen} at once`
    : null;
}
