import * as z from "zod";
import { readAnswer } from "../answer.ts";
import { pathPart } from "../api.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { connect } from "../connect.ts";
import { UsageError } from "../failure.ts";
import { reportMade, submitOnce, submitOptions } from "../submit.ts";

/** debci's answer to whoever accepts JSON; the numbers are runs. */
export const runIdsSchema = z.object({
  run_ids: z.tuple([z.int()]).rest(z.int()),
});

/**
 * The path and form that the arguments mean. debci takes a trigger and pins
 * only in its request for several tests, so one with them becomes a list of one.
 *
 * @throws UsageError
 */
export function toTestRequest(
  given: Pick<Arguments, "words" | "text" | "list" | "has">,
): { path: string; form: Record<string, string> } {
  const [name = ""] = given.words;
  const target = ["suite", "arch"].map((option) => {
    const value = given.text(option);
    if (value !== undefined) return pathPart(value);
    throw new UsageError(`--${option} is missing`);
  });
  const trigger = given.text("trigger");
  const pins = given.list("pin").map(readPin);
  const sources = given.list("extra-source");
  const priority = given.text("priority");
  const common = priority === undefined ? {} : { priority };
  const base = `/api/v1/test/${target.join("/")}`;
  if (trigger !== undefined || pins.length > 0) {
    const test = {
      package: name,
      ...trigger !== undefined && { trigger },
      ...pins.length > 0 && { "pin-packages": pins },
      is_private: given.has("private"),
      ...sources.length > 0 && { "extra-apt-sources": sources },
    };
    return { path: base, form: { ...common, tests: JSON.stringify([test]) } };
  }
  return {
    path: `${base}/${pathPart(name)}`,
    form: {
      ...common,
      ...given.has("private") && { is_private: "true" },
      ...sources.length > 0 && { extra_apt_sources: JSON.stringify(sources) },
    },
  };
}

/** `pkg,src:pkg=suite` as debci's list: the packages, then their suite. */
function readPin(text: string): string[] {
  const [packages = "", suite = "", ...more] = text.split("=");
  const names = packages.split(",").filter((name) => name !== "");
  if (names.length === 0 || suite === "" || more.length > 0) {
    throw new UsageError(
      `--pin takes PACKAGE[,PACKAGE]…=SUITE, not ${JSON.stringify(text)}`,
    );
  }
  return [...names, suite];
}

/** `slipway test` */
export const test: Command = {
  name: "test",
  summary: "Test a Debian package",
  words: [{ name: "PACKAGE" }],
  options: [
    { name: "suite", value: "SUITE", help: "such as unstable (needed)" },
    { name: "arch", value: "ARCH", help: "such as amd64 (needed)" },
    {
      name: "pin",
      value: "PACKAGES=SUITE",
      isList: true,
      help:
        "take packages, with commas between, from another suite; may be given several times",
    },
    { name: "trigger", value: "TEXT", help: "why the test is run" },
    { name: "private", help: "show the test to you alone" },
    {
      name: "extra-source",
      value: "NAME",
      isList: true,
      help: "one of the server's extra APT sources",
    },
    { name: "priority", value: "NUMBER", help: "1 to 10, larger goes first" },
    ...submitOptions,
  ],
  details: `Example:
  slipway test hello --suite unstable --arch amd64 --pin src:glibc,libc6=testing --trigger glibc/2.41-1 --watch`,
  async run(given, world) {
    const { path, form } = toTestRequest(given);
    const api = await connect(given, world);
    const answer = await submitOnce(
      api,
      {
        method: "POST",
        path,
        headers: { accept: "application/json" },
        body: new URLSearchParams(form),
      },
      given,
      world,
    );
    const made = readAnswer(answer, runIdsSchema, api.server.url);
    return await reportMade(api, String(made.run_ids[0]), given, world);
  },
};
