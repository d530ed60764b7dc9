import type { Description } from "../../core/backend.ts";
import type { Run } from "../../core/run.ts";
import { dispatchOf } from "./dispatch.ts";

/** What a run's page shows. */
export function describe(run: Run): Description {
  const { repository, file, workflow, ref, inputs } = dispatchOf(run);
  return {
    title: `${workflow} on ${repository}`,
    facts: [
      { name: "Repository", value: repository },
      { name: "Workflow", value: file },
      { name: "Ref", value: ref },
      ...Object.entries(inputs).map(([name, value]) => ({
        name: `Input ${name}`,
        value,
      })),
    ],
    links: [{ name: "The workflow", href: pathOf(repository, file) }],
  };
}

/** The page of a workflow. */
export function pathOf(repository: string, file: string): string {
  const parts = [...repository.split("/"), file].map(encodeURIComponent);
  return `/workflows/${parts.join("/")}`;
}
