import { Copyable } from "../../../ui/kit/mod.ts";
import type { MadeKey } from "./own_keys.ts";

/** A new key, which is shown this once, with what to do with it. */
export function MadeKeySection(
  { made, url, backends }: {
    made: MadeKey;
    /** Of the server, without a final slash. */
    url: string;
    /** Names of those that are loaded. */
    backends: readonly string[];
  },
) {
  // In a variable, so that the commands can be repeated and shared without it.
  const lines = [
    `KEY=${made.key}`,
    `curl --header "Auth-Key: $KEY" ${url}/v1/whoami`,
  ];
  const header = `curl --header "Auth-Key: $KEY"`;
  return (
    <section class="made" aria-labelledby="made-title">
      <h2 id="made-title">Your new key</h2>
      <p role="alert">
        Copy it now: it is shown this once, and nobody can show it again.
      </p>
      <Copyable id="key" label="The key" text={made.key} />
      <Copyable
        id="key-use"
        label="In a shell: keep it, and ask whom it stands for"
        text={lines.join("\n")}
      />
      {backends.includes("autopkgtest") && (
        <Copyable
          id="key-test"
          label="A package test with it, as debci's documentation requests one"
          text={`${header} --data '' ${url}/api/v1/test/unstable/amd64/hello-slipway`}
        />
      )}
    </section>
  );
}
