import { principalId } from "../../core/principal.ts";
import {
  defaultGrace,
  graces,
  parseGraceMs,
} from "../../plugins/auth/bearer/lifetime.ts";
import { renewedExpiry, rotateToken } from "../../plugins/auth/bearer/mint.ts";
import { defaultIssuer } from "../../plugins/auth/bearer/token.ts";
import { toMadeJson } from "../../plugins/auth/bearer/token_json.ts";
import { findToken } from "../../plugins/auth/bearer/token_store.ts";
import { print, readArguments, tell, UsageError } from "../script.ts";
import { audit, openStore } from "../store.ts";
import { noSuchToken, readId } from "./arguments.ts";
import { checkFormat, type Format, formatToken, readFormat } from "./format.ts";
import { readExpires } from "./make.ts";
import { openMint } from "./mint.ts";

const task = "rotate the token";

/** How a token is to be rotated. */
export type RotateArguments = {
  readonly id: string;
  readonly graceMs: number;
  /** Null: never; undefined: as long as the old one. */
  readonly lifetimeMs: number | null | undefined;
  readonly format: Format;
  readonly issuer: string;
};

/**
 * Reads the arguments.
 *
 * @throws UsageError that says what is allowed.
 */
export function readRotateArguments(args: readonly string[]): RotateArguments {
  const { words, text } = readArguments(task, args, {
    text: ["grace", "expires", "format", "namespace", "issuer"],
  });
  const grace = text("grace") ?? defaultGrace;
  const graceMs = parseGraceMs(grace);
  if (graceMs === null) {
    throw new UsageError(
      `Cannot ${task}: --grace "${grace}" is not a time that the old one may work on; it is ${graces}`,
    );
  }
  const expires = text("expires");
  return {
    id: readId(task, words),
    graceMs,
    lifetimeMs: expires === undefined ? undefined : readExpires(task, expires),
    format: readFormat(task, text("format"), text("namespace")),
    issuer: text("issuer") ?? defaultIssuer,
  };
}

/** `deno task token rotate ID …` */
export async function rotate(args: readonly string[]): Promise<void> {
  const { id, graceMs, lifetimeMs, format, issuer } = readRotateArguments(args);
  using store = await openStore();
  const old = await findToken(store.database, id);
  const account = old === null ? null : await store.accounts.find(old.account);
  if (old === null || account === null) throw noSuchToken(task);
  checkFormat(task, format, account.name);
  const mint = await openMint(store, issuer);
  const now = store.now();
  const made = await rotateToken(mint, old, {
    account,
    createdBy: null,
    endsAt: now + graceMs,
    expiresAt: lifetimeMs === undefined
      ? renewedExpiry(old, now)
      : lifetimeMs === null
      ? null
      : now + lifetimeMs,
  });
  await audit(store, {
    action: "tokens:rotate",
    targets: [id, made.id, principalId(account)],
  });
  const ended = await findToken(store.database, id);
  const json = toMadeJson(made, { ...old, group: account.name });
  tell(
    `Token ${made.id} of group ${account.name} takes the place of ${id}, which works until ${
      new Date(ended?.expiresAt ?? now).toISOString()
    }; the new one expires ${json.expires_at ?? "never"}.`,
  );
  print(formatToken(json, format));
}
