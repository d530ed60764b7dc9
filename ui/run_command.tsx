import type { ShownRequest } from "../core/shown_request.ts";
import { toCurl } from "../http/curl.ts";
import { Copyable } from "./kit/copyable.tsx";

/** Shells and systems take no longer argument (Linux: 128 KiB). */
const maxCommand = 100_000;

/** The command line that asks for the same run once more. */
export function RunCommand(
  { request, origin }: {
    request: ShownRequest | undefined;
    origin: string;
  },
) {
  if (request === undefined) return null;
  const command = toCurl(request, origin);
  const secret = request.credential === "bearer" ? "TOKEN" : "KEY";
  return (
    <details class="command">
      <summary>
        Copy as <code>curl</code>
      </summary>
      {command.length > maxCommand
        ? <p>The request is too long for a command line; Retry sends it.</p>
        : (
          <>
            <p>
              Asks for the same once more. <code>{secret}</code>{" "}
              is a variable of the shell that holds{" "}
              {request.credential === "bearer" ? "a token" : "your Auth-Key"};
              the page of your <a href="/account">account</a>{" "}
              says where they are made.
            </p>
            <Copyable id="command" label="The command" text={command} />
          </>
        )}
    </details>
  );
}
