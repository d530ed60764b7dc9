/**
 * Tests of Debian packages, requested and followed through debci's API.
 * @module
 */
import { defineBackend } from "../../../core/backend.ts";
import { dataPrefixes } from "./data_operations.ts";
import { describe } from "./describe.ts";
import autopkgtest0001 from "./migrations/0001_autopkgtest_package.sql" with {
  type: "text",
};
import autopkgtest0002 from "./migrations/0002_autopkgtest_history.sql" with {
  type: "text",
};
import autopkgtest0003 from "./migrations/0003_autopkgtest_reject.sql" with {
  type: "text",
};
import autopkgtest0004 from "./migrations/0004_autopkgtest_package_id.sql" with {
  type: "text",
};
import autopkgtest0005 from "./migrations/0005_autopkgtest_facet.sql" with {
  type: "text",
};
import { optionsSchema } from "./options.ts";
import { outcome } from "./outcome.ts";
import { openRejectList } from "./reject_list_store.ts";
import { refuse } from "./reply.ts";
import { planRetries } from "./retry.ts";
import { createRoutes } from "./routes.ts";

export default defineBackend({
  name: "autopkgtest",
  summary: "Tests of Debian packages through debci's API",
  options: optionsSchema,
  migrations: [
    { name: "0001_autopkgtest_package", sql: autopkgtest0001 },
    { name: "0002_autopkgtest_history", sql: autopkgtest0002 },
    { name: "0003_autopkgtest_reject", sql: autopkgtest0003 },
    { name: "0004_autopkgtest_package_id", sql: autopkgtest0004 },
    { name: "0005_autopkgtest_facet", sql: autopkgtest0005 },
  ],
  dialect: {
    prefixes: ["/api", ...dataPrefixes],
    nativePrefixes: ["/v1/reject-list"],
    refuse,
  },
  routes: createRoutes,
  facets: [
    { name: "suite", label: "Suite", members: ["suite"], hint: "unstable" },
    { name: "arch", label: "Architecture", members: ["arch"], hint: "amd64" },
  ],
  outcome,
  describe,
  retry: (context) =>
    planRetries(context, openRejectList(context.database, context.options)),
  isPublic: ({ publicData }) => publicData,
});
