import { visible } from "../kit/text.tsx";
import { type Look, plain, readAnsi } from "./ansi.ts";
import type { Line } from "./read_lines.ts";

/** Lines of a log: each has an anchor, `L` and its number. */
export function LogLines({ lines }: { lines: readonly Line[] }) {
  let look: Look = plain;
  return (
    <div class="block">
      {lines.map((line) => {
        const read = readAnsi(line.text, look);
        look = read.look;
        const id = `L${line.number}`;
        return (
          <div class="line" id={id}>
            <a
              href={`#${id}`}
              tabindex={-1}
              data-n={String(line.number)}
              aria-label={`Line ${line.number}`}
            >
            </a>
            <code dir="ltr">
              {read.spans.map(({ text, classes }) =>
                classes === ""
                  ? visible(text)
                  : <span class={classes}>{visible(text)}</span>
              )}
              {line.hiddenBytes > 0 && (
                <span class="cut">
                  {" … "}
                  {line.hiddenBytes} more bytes, see the file
                </span>
              )}
            </code>
          </div>
        );
      })}
    </div>
  );
}
