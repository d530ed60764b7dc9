import { accountNameFault } from "../../core/account.ts";
import { type Limit, toLimits } from "../../core/limit.ts";
import {
  findRole,
  isPermission,
  type Permission,
  roles,
} from "../../core/permission.ts";
import { readArguments, UsageError } from "../script.ts";

/** What is to become of an account. */
export type AccessArguments = {
  readonly kind: "user" | "group";
  readonly name: string;
  /** What it may from now on, before the rest is added and taken away; null: what it may now. */
  readonly role: readonly Permission[] | null;
  readonly allow: readonly Permission[];
  readonly deny: readonly Permission[];
  /** In place of those that it has; empty for none, null: they stay. */
  readonly limits: readonly Limit[] | null;
  /** Null: it stays as it is. */
  readonly isDisabled: boolean | null;
};

const task = "change access";

/** Options without a value. */
const flags = ["unlimited", "disable", "enable"] as const;

/**
 * Reads the arguments of `deno task access`.
 *
 * @throws UsageError that says what is allowed.
 */
export function readAccessArguments(args: readonly string[]): AccessArguments {
  const [isUnlimited, isDisabled, isEnabled] = flags.map((flag) =>
    args.includes(`--${flag}`)
  );
  const { words, text, list } = readArguments(
    task,
    args.filter((arg) => !flags.some((flag) => arg === `--${flag}`)),
    {
      text: ["user", "group", "role"],
      lists: ["allow", "deny", "backend", "jobs"],
    },
  );
  const limits = toLimits({ backends: list("backend"), jobs: list("jobs") });
  if (isUnlimited && limits.length > 0) {
    throw new UsageError(
      `Cannot ${task}: --unlimited takes limits away, --backend and --jobs set them; give one of both`,
    );
  }
  if (isDisabled && isEnabled) {
    throw new UsageError(`Cannot ${task}: give --disable or --enable`);
  }
  return {
    ...readName(words, text("user"), text("group")),
    role: readRole(text("role")),
    allow: list("allow").map(readPermission),
    deny: list("deny").map(readPermission),
    limits: isUnlimited || limits.length > 0 ? limits : null,
    isDisabled: isDisabled ? true : isEnabled ? false : null,
  };
}

function readName(
  words: readonly string[],
  user: string | undefined,
  group: string | undefined,
): Pick<AccessArguments, "kind" | "name"> {
  const name = user ?? group;
  if (
    words.length > 0 || name === undefined ||
    user !== undefined && group !== undefined
  ) {
    throw new UsageError(
      `Cannot ${task}: name one account, with --user NAME or --group NAME`,
    );
  }
  const fault = accountNameFault(name);
  if (fault !== null) throw new UsageError(`Cannot ${task}: ${fault}`);
  return { kind: user === undefined ? "group" : "user", name };
}

function readRole(name: string | undefined): readonly Permission[] | null {
  if (name === undefined) return null;
  const role = findRole(name);
  if (role !== null) return role;
  throw new UsageError(
    `Cannot ${task}: there is no role "${name}"; there are ${
      Object.keys(roles).join(", ")
    }`,
  );
}

function readPermission(text: string): Permission {
  if (isPermission(text)) return text;
  throw new UsageError(
    `Cannot ${task}: "${text}" is not a permission; expected one such as runs:read_private or *:read`,
  );
}
