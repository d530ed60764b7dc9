import { assertEquals, assertThrows } from "@std/assert";
import { readArguments, usageLine } from "./arguments.ts";
import type { Command } from "./command.ts";
import { exitStatus } from "./exit_status.ts";
import { UsageError } from "./failure.ts";

const command: Command = {
  name: "sail",
  summary: "Sail",
  words: [{ name: "TO" }, { name: "BY", isOptional: true, choices: ["night"] }],
  options: [
    { name: "env", short: "e", value: "K=V", isList: true, help: "" },
    { name: "wind", value: "W", choices: ["east", "west"], help: "" },
    { name: "fast", short: "f", help: "" },
  ],
  run: () => Promise.resolve(exitStatus.passed),
};

Deno.test("arguments come in any order, and values are taken as they are", () => {
  const given = readArguments(command, [
    "-e",
    "A=1=2",
    "007",
    "--wind=west",
    "-f",
    "--env",
    "B=",
    "night",
  ]);
  assertEquals(given.words, ["007", "night"]);
  assertEquals(given.list("env"), ["A=1=2", "B="]);
  assertEquals(given.text("wind"), "west");
  assertEquals([given.has("fast"), given.has("json")], [true, false]);
});

Deno.test("what follows -- is no option", () => {
  assertEquals(readArguments(command, ["--", "--wind"]).words, ["--wind"]);
});

const mistakes: readonly (readonly [readonly string[], string])[] = [
  [[], "TO is missing"],
  [["a", "night", "b"], '"b" is one word too many'],
  [["a", "day"], 'BY is one of night, not "day"'],
  [["a", "--west"], "There is no option --west"],
  [["a", "-x"], "There is no option -x"],
  [["a", "--token=secret"], "There is no option --token"],
  [["a", "--wind"], "--wind needs a value"],
  [["a", "--wind", "east", "--wind", "west"], "--wind is given twice"],
  [["a", "--wind", "up"], '--wind is one of east, west, not "up"'],
];

for (const [args, message] of mistakes) {
  Deno.test(`a mistake in ${JSON.stringify(args)} is told`, () => {
    const error = assertThrows(() => readArguments(command, args), UsageError);
    assertEquals(error.message, message);
    assertEquals(error.exitStatus, exitStatus.usage);
  });
}

Deno.test("the usage line tells needed words from others", () => {
  assertEquals(usageLine(command), "slipway sail TO [BY] [OPTION…]");
});
