import { stringify } from "yaml";
import type { toMadeJson } from "../../plugins/auth/bearer/token_json.ts";
import { UsageError } from "../script.ts";

const formats = ["plain", "json", "env", "kubernetes"] as const;

/** How a new token is printed. */
export type Format = {
  readonly name: (typeof formats)[number];
  readonly namespace: string | undefined;
};

/**
 * Reads `--format` and `--namespace`.
 *
 * @throws UsageError that says what is allowed.
 */
export function readFormat(
  task: string,
  format: string | undefined,
  namespace: string | undefined,
): Format {
  const name = formats.find((each) => each === (format ?? "plain"));
  if (name === undefined) {
    throw new UsageError(
      `Cannot ${task}: --format "${format}" is none; there are ${
        formats.join(", ")
      }`,
    );
  }
  if (namespace !== undefined && name !== "kubernetes") {
    throw new UsageError(
      `Cannot ${task}: --namespace belongs to --format kubernetes`,
    );
  }
  return { name, namespace };
}

/**
 * Holds the format to the group, before anything is written.
 *
 * @throws UsageError when the group's name is no namespace's (RFC 1123).
 */
export function checkFormat(task: string, format: Format, group: string): void {
  if (format.name !== "kubernetes") return;
  const namespace = format.namespace ?? group;
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) return;
  throw new UsageError(
    `Cannot ${task}: "${namespace}" is no name of a namespace, which is 1 to 63 characters of a-z, 0-9 and '-'; name one with --namespace`,
  );
}

/** A new token as it is printed. */
export function formatToken(
  made: ReturnType<typeof toMadeJson>,
  { name, namespace = made.group }: Format,
): string {
  switch (name) {
    case "plain":
      return made.token;
    case "json":
      return JSON.stringify(made, null, 2);
    case "env":
      return `TOKEN=${made.token}`;
    case "kubernetes":
      return toManifests(made, namespace);
    default:
      return name satisfies never;
  }
}

/** What `oc -n NAMESPACE extract secret/api-token-secret --to=- --keys=token` reads (OpenShift's documentation of Gangway). */
function toManifests(
  { token, id, group }: ReturnType<typeof toMadeJson>,
  namespace: string,
): string {
  const manifests = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "api-token-secret",
        namespace,
        annotations: { "slipway/group": group, "slipway/token-id": id },
      },
      type: "Opaque",
      stringData: { token },
    },
  ];
  // A folded token would not be one word any more.
  return manifests.map((each) => stringify(each, { lineWidth: 0 })).join(
    "---\n",
  ).trimEnd();
}
