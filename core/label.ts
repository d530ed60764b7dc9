/**
 * What a run needs of a runner: one value per name, e.g.
 * `{ backend: "autopkgtest", arch: "amd64", suite: "unstable" }`.
 */
export type Labels = { readonly [name: string]: string };

/** What a runner can do: for each label the values it takes; `*` takes any. */
export type Offer = { readonly [name: string]: readonly string[] };

/** The queue of all runs with the same needs: labels in a fixed order, so equal needs give equal keys. */
export function queueKey(labels: Labels): string {
  return Object.keys(labels).sort().map((name) =>
    `${encodeURIComponent(name)}=${encodeURIComponent(labels[name] ?? "")}`
  ).join("&");
}

/** The labels of a run that an offer does not meet. */
export function unmetLabels(labels: Labels, offer: Offer): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(([name, value]) => {
      const offered = Object.hasOwn(offer, name) ? offer[name] ?? [] : [];
      return !offered.includes("*") && !offered.includes(value);
    }),
  );
}

/** Whether one of the offers meets every label. */
export function isMet(labels: Labels, offers: readonly Offer[]): boolean {
  return offers.some((offer) =>
    Object.keys(unmetLabels(labels, offer)).length === 0
  );
}

/**
 * What keeps a run waiting: the smallest set of labels by which it misses a
 * live runner's offer; empty when some runner offers all of them.
 */
export function missingLabels(
  labels: Labels,
  offers: readonly Offer[],
): Labels {
  let fewest = labels;
  for (const offer of offers) {
    const unmet = unmetLabels(labels, offer);
    if (Object.keys(unmet).length < Object.keys(fewest).length) fewest = unmet;
  }
  return fewest;
}
