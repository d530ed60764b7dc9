import type { Account } from "../../core/account.ts";
import { descriptionFault } from "../../core/description.ts";
import { describeLimits } from "../../core/limit.ts";
import { isPermission, type Permission, roles } from "../../core/permission.ts";
import { principalId } from "../../core/principal.ts";
import { scopeWithin } from "../../plugins/auth/bearer/authority.ts";
import {
  lifetimes,
  parseLifetime,
} from "../../plugins/auth/bearer/lifetime.ts";
import { makeToken } from "../../plugins/auth/bearer/mint.ts";
import { defaultIssuer } from "../../plugins/auth/bearer/token.ts";
import { toMadeJson } from "../../plugins/auth/bearer/token_json.ts";
import { limitFault, toLimits } from "../../plugins/auth/bearer/token_limit.ts";
import { print, readArguments, tell, UsageError } from "../script.ts";
import {
  audit,
  openStore,
  readConfiguration,
  type ScriptStore,
} from "../store.ts";
import { readGroup, readName, refuseWords } from "./arguments.ts";
import { checkFormat, type Format, formatToken, readFormat } from "./format.ts";
import { openMint } from "./mint.ts";
import { addOwners } from "./owners.ts";

const task = "make a token";

/** What a token is asked to be. */
export type MakeArguments = {
  readonly group: string;
  /** Null: what a CI bot needs. */
  readonly scope: readonly Permission[] | null;
  readonly jobs: readonly string[];
  readonly backends: readonly string[];
  /** Null: never. */
  readonly lifetimeMs: number | null;
  readonly description: string;
  readonly owners: readonly string[];
  readonly format: Format;
  readonly issuer: string;
};

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is allowed.
 */
export function readMakeArguments(args: readonly string[]): MakeArguments {
  const { words, text, list } = readArguments(task, args, {
    text: [
      "group",
      "expires",
      "description",
      "format",
      "namespace",
      "issuer",
    ],
    lists: ["scope", "jobs", "backend", "owner"],
  });
  refuseWords(task, words);
  const group = readGroup(task, text("group"));
  const description = text("description") ?? "";
  const fault = descriptionFault(description);
  if (fault !== null) throw new UsageError(`Cannot ${task}: ${fault}`);
  const format = readFormat(task, text("format"), text("namespace"));
  checkFormat(task, format, group);
  return {
    group,
    scope: readScope(list("scope")),
    jobs: list("jobs"),
    backends: list("backend"),
    lifetimeMs: readExpires(task, text("expires") ?? "never"),
    description,
    owners: list("owner").map((name) => readName(task, "--owner", name)),
    format,
    issuer: text("issuer") ?? defaultIssuer,
  };
}

/** `--expires`: ms from now; null for never. */
export function readExpires(task: string, expires: string): number | null {
  const lifetimeMs = parseLifetime(expires);
  if (lifetimeMs !== undefined) return lifetimeMs;
  throw new UsageError(
    `Cannot ${task}: --expires "${expires}" is not a time; it is ${lifetimes}`,
  );
}

function readScope(scope: readonly string[]): readonly Permission[] | null {
  const odd = scope.find((one) => !isPermission(one));
  if (odd !== undefined) {
    throw new UsageError(
      `Cannot ${task}: --scope "${odd}" is not a permission; it is RESOURCE:VERB such as executions:create, where either may be *`,
    );
  }
  return scope.length === 0 ? null : scope.filter(isPermission);
}

/** `deno task token --group NAME …` */
export async function make(args: readonly string[]): Promise<void> {
  const wanted = readMakeArguments(args);
  const loaded = readConfiguration().plugins.backends.map(({ name }) => name);
  const fault = limitFault(wanted, loaded);
  if (fault !== null) throw new UsageError(`Cannot ${task}: ${fault}`);
  using store = await openStore();
  const mint = await openMint(store, wanted.issuer);
  const { group, scopes, isNew } = await readyGroup(store, wanted);
  const { description, format, lifetimeMs } = wanted;
  const limits = toLimits(wanted);
  const made = await makeToken(mint, {
    account: group,
    scopes,
    limits,
    description,
    createdBy: null,
    expiresAt: lifetimeMs === null ? null : store.now() + lifetimeMs,
  });
  await audit(store, {
    action: "tokens:create",
    targets: [made.id, principalId(group)],
  });
  const json = toMadeJson(made, {
    group: group.name,
    scope: scopes,
    limits,
    description,
  });
  await addOwners(store, group, wanted.owners);
  const within = describeLimits([...group.limits, ...limits]);
  tell(
    `Token ${made.id} of ${isNew ? "the new group" : "group"} ${group.name}: ` +
      `allows ${scopes.join(", ")}${within === "" ? "" : ` (${within})`}, ` +
      `expires ${json.expires_at ?? "never"}.`,
  );
  print(formatToken(json, format));
}

/** The group, made when it is new; whether the token can be made is decided first. */
async function readyGroup(
  { accounts }: ScriptStore,
  { group: name, scope }: MakeArguments,
): Promise<{
  group: Account;
  scopes: readonly Permission[];
  isNew: boolean;
}> {
  const known = await accounts.findByName("group", name);
  if (known !== null && known.disabledAt !== null) {
    throw new Error(`Cannot ${task}: group ${name} is disabled`);
  }
  const allowed = known ?? { name, permissions: roles.trigger };
  const within = scopeWithin(allowed, scope);
  if ("fault" in within) {
    throw new UsageError(`Cannot ${task}: ${within.fault}`);
  }
  const { account: group, created: isNew } = await accounts.ensure(
    "group",
    name,
    roles.trigger,
  );
  return { group, scopes: within.scopes, isNew };
}
