import { readCatalogue } from "../plugins/backends/prow/catalogue.ts";
import {
  catalogueIsEmpty,
  importCatalogue,
} from "../plugins/backends/prow/catalogue_store.ts";
import { readJobFolder } from "../plugins/backends/prow/job_folder.ts";
import type { ScriptStore } from "./store.ts";

/** Fills an empty catalogue with `examples/jobs/`, so that a first start has something to trigger. */
export async function importExamples(store: ScriptStore): Promise<void> {
  if (!await catalogueIsEmpty(store.database)) return;
  const folder = new URL("../examples/jobs", import.meta.url).pathname;
  const { texts } = await readJobFolder([folder]);
  await importCatalogue(store.database, readCatalogue(texts).jobs, store.now);
}
