import type { Migration } from "../../core/database.ts";
import core0001 from "./0001_core.sql" with { type: "text" };
import core0002 from "./0002_artifact.sql" with { type: "text" };
import core0003 from "./0003_idempotency.sql" with { type: "text" };
import core0004 from "./0004_run_by_backend.sql" with { type: "text" };
import core0005 from "./0005_grace.sql" with { type: "text" };
import core0006 from "./0006_probe.sql" with { type: "text" };
import core0007 from "./0007_fair_queue.sql" with { type: "text" };
import core0008 from "./0008_access.sql" with { type: "text" };
import core0009 from "./0009_audit.sql" with { type: "text" };
import core0012 from "./0012_audit_refusal.sql" with { type: "text" };

/** The schema of the core's own tables, in order. */
export const coreMigrations: readonly Migration[] = [
  { name: "0001_core", sql: core0001 },
  { name: "0002_artifact", sql: core0002 },
  { name: "0003_idempotency", sql: core0003 },
  { name: "0004_run_by_backend", sql: core0004 },
  { name: "0005_grace", sql: core0005 },
  { name: "0006_probe", sql: core0006 },
  { name: "0007_fair_queue", sql: core0007 },
  { name: "0008_access", sql: core0008 },
  { name: "0009_audit", sql: core0009 },
  { name: "0012_audit_refusal", sql: core0012 },
];
