import type { Artifact } from "../core/artifact.ts";
import { sizeText } from "./kit/size.ts";
import { Name } from "./kit/text.tsx";
import { filePath, type ShownLog } from "./log/shown_log.ts";

/** Files that are listed; the API lists all of them. */
const maxListed = 200;

/** What an attempt left behind. */
export function Files(
  { shown, files }: { shown: ShownLog; files: readonly Artifact[] },
) {
  if (files.length === 0) return null;
  return (
    <section aria-labelledby="files-title">
      <h2 id="files-title">
        Files <small>{files.length}</small>
      </h2>
      <ul>
        {files.slice(0, maxListed).map(({ path, sizeBytes }) => (
          <li>
            <a href={filePath(shown, path)}>
              <Name text={path} />
            </a>{" "}
            <small>{sizeText(sizeBytes)}</small>
          </li>
        ))}
      </ul>
      {files.length > maxListed && (
        <p>
          The first {maxListed} of {files.length}
          {shown.earlier === null && (
            <>
              ; all: <a href={`/v1/runs/${shown.run.id}/artifacts`}>JSON</a>
            </>
          )}
        </p>
      )}
    </section>
  );
}
