/** An image as a container engine must be told of it. */
export type Image = {
  /** With registry and tag. */
  readonly name: string;
  /** Kubernetes' default: an image called `latest` is looked for anew each time. */
  readonly isFixed: boolean;
};

const label = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const part = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const reference = new RegExp(
  `^(?<registry>(?:${label}(?:\\.${label})+(?::[0-9]+)?|${label}:[0-9]+|localhost)/)?` +
    `(?<path>${part}(?:/${part})*)` +
    `(?<tag>:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?` +
    `(?<digest>@sha256:[0-9a-f]{64})?$`,
);

/**
 * Reads the name of an image as Kubernetes does: without a registry it is Docker's.
 * Null when it is none, among them podman's other ways to name a
 * source, such as `dir:/etc`.
 */
export function readImage(text: string): Image | null {
  const found = reference.exec(text)?.groups;
  if (found === undefined) return null;
  const { registry, path = "", tag = "", digest = "" } = found;
  const isLocal = registry === "localhost/";
  const place = registry ?? `docker.io/${path.includes("/") ? "" : "library/"}`;
  return {
    name: `${place}${path}${tag || (digest ? "" : ":latest")}${digest}`,
    isFixed: isLocal || digest !== "" || (tag !== "" && tag !== ":latest"),
  };
}
