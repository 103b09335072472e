import { aTable } from "../../../support/statement-builder.ts";
import { databaseRates } from "./world.ts";

export const gib = 1024 ** 3;

export const dead = aTable({
  ...{ bytes: 40 * gib, liveRows: 60e6, deadRows: 90e6, deadPercent: 60, vacuumAtDeadRows: 12e6 },
  lastAutovacuumSeconds: 9 * 86_400,
});
export const report = "SELECT customer_id, sum(total) FROM orders GROUP BY customer_id ORDER BY 2 DESC";
export const cancelled = {
  "postgres-failing-statements": [
    {
      user: "shop",
      database: "shop",
      applications: ["web"],
      query: report,
      sessions: 24,
      failedAt: "execution",
    },
  ],
  "postgres-database-rates": [databaseRates({ rollbacksPerSecond: 60, commitsPerSecond: 90 })],
};
export const slot = {
  ...{ slot: "cdc", kind: "logical", plugin: "pgoutput", database: "shop", active: true, activePid: 71 },
  ...{
    temporary: false,
    retainedBytes: 40e6,
    unconfirmedBytes: 1e6,
    walStatus: "reserved",
    safeWalBytes: null,
  },
  ...{
    keepLimitBytes: null,
    inactiveSeconds: null,
    invalidationReason: null,
    xminAge: null,
    catalogXminAge: 9,
  },
};
export const manySpill = [1, 2, 3].map((pid) => ({
  pid,
  user: "shop",
  application: "report",
  database: "shop",
  query: report,
  statementSeconds: 300,
  files: 8,
  bytes: 9 * gib,
  bytesPerSecond: 120e6,
}));
