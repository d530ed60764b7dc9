import { assert, assertEquals } from "@std/assert";
import type { ShownRequest } from "../core/shown_request.ts";
import { shellQuote, toCurl } from "./curl.ts";

const hostile = [
  "plain",
  "",
  "it's",
  "'; touch /tmp/slipway-was-here; '",
  "$(id) `id` ${HOME} $TOKEN",
  "a\\b\\'c\"d",
  "-X DELETE",
  "@/etc/passwd",
  "! !! !$ #",
  "line\nbreak\r\tand\u0003\u001b[201~\u007f",
  "\u202egnp.exe \u2066x \u{e0041} é 漢 \ud83d\ude00 \ud800",
  "*?[a-z]{1,2}~ ; & | < > ( )",
  "../../..",
  "..",
  "%00%27",
  "&a=b&tests=[]#fragment?x",
  "-----",
];

/** The arguments that a real shell makes of a command. `curl` is a function of the shell's there. */
async function argv(shell: string, command: string): Promise<string[]> {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}\n`;
  const { stdout, stderr, success } = await new Deno.Command(shell, {
    args: ["-c", script],
    env: { TOKEN: "the-token", KEY: "the-key" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\0").slice(0, -1);
}

function requestOf(text: string, kind: "json" | "form"): ShownRequest {
  return {
    method: "POST",
    path: ["v1", `x${text}`],
    credential: kind === "json" ? "bearer" : "auth-key",
    ...kind === "form" && { accept: "application/json" },
    body: kind === "json"
      ? { kind, value: { [`n${text}`]: text, list: [{ deep: text }] } }
      : { kind, fields: [[`n${text}`, text], ["tests", text]] },
  };
}

for (const shell of ["sh", "bash"]) {
  Deno.test(`a command holds any names as they are, read by ${shell}`, async () => {
    for (const text of [...hostile, hostile.join(" "), ...randomTexts(40)]) {
      for (const kind of ["json", "form"] as const) {
        const command = toCurl(requestOf(text, kind), "http://[::1]:8000");
        assert(/^[\x20-\x7e\n]*$/.test(command), JSON.stringify(command));
        const words = await argv(shell, command);
        const body = words[words.indexOf("--data-raw") + 1] ?? "";
        const url = new URL(words.at(-1) ?? "");
        assertEquals(words.slice(0, 3), ["-gsS", "-X", "POST"]);
        const [, version, last = "", ...more] = url.pathname.split("/");
        assertEquals([version, more.length], ["v1", 0], url.href);
        assertEquals(decodeURIComponent(last), `x${text.toWellFormed()}`);
        assertEquals([url.search, url.hash], ["", ""]);
        if (kind === "json") {
          assertEquals(words.length, 10);
          assert(words.includes("Authorization: Bearer the-token"));
          assertEquals(JSON.parse(body), {
            [`n${text}`]: text,
            list: [{ deep: text }],
          });
        } else {
          assertEquals(words.length, 10);
          assert(words.includes("Auth-Key: the-key"));
          const shown = text.toWellFormed();
          assertEquals(
            [...new URLSearchParams(body)],
            [[`n${shown}`, shown], ["tests", shown]],
          );
        }
      }
    }
  });
}

Deno.test("any text is one word of a shell", async () => {
  const texts = [...hostile, ...randomTexts(200)].map((text) =>
    text.toWellFormed()
  );
  const command = `curl ${texts.map(shellQuote).join(" ")}`;
  assertEquals(await argv("sh", command), texts);
});

/** Texts of characters that mean something to shells, URLs or JSON; the same ones every time. */
function randomTexts(count: number): string[] {
  const alphabet = [..."'\"\\$`!&|;<>(){}[]*?~#%@=+-. \n\t/aé漢\u202e\u001b"];
  let seed = 7;
  const next = () => (seed = (seed * 48_271) % 2_147_483_647);
  return Array.from(
    { length: count },
    () =>
      Array.from(
        { length: next() % 30 },
        () => alphabet[next() % alphabet.length],
      ).join(""),
  );
}
