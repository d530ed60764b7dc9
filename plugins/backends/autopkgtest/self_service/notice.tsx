/** What was done, for the page that the browser is led to; only numbers are read. */
const words: Readonly<Record<string, (count: number) => string>> = {
  asked: (count) => `${tests(count)} asked for.`,
  published: (count) => `${tests(count)} public now.`,
  cancelled: (count) => `${tests(count)} cancelled; one that runs stops soon.`,
};

/** Says what the form before did. */
export function Notice({ query }: { query: URLSearchParams }) {
  const said = Object.entries(words).flatMap(([name, say]) => {
    const count = query.get(name) ?? "";
    return /^\d{1,7}$/.test(count) ? [say(Number(count))] : [];
  });
  return said.length === 0
    ? null
    : <p class="notice" role="status">{said.join(" ")}</p>;
}

function tests(count: number): string {
  if (count === 0) return "No test is";
  return count === 1 ? "1 test is" : `${count} tests are`;
}
