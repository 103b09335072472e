import { analyzeTable } from "./database/analyze-table.ts";
import { cancelQuery } from "./database/cancel-query.ts";
import { createIndex } from "./database/create-index.ts";
import { reindexIndex } from "./database/reindex-index.ts";
import { terminateSession } from "./database/terminate-session.ts";
import { vacuumTable } from "./database/vacuum-table.ts";

/** Everything the responder can do to a database, least harm first. */
export const databaseActions = [
  cancelQuery,
  terminateSession,
  analyzeTable,
  vacuumTable,
  reindexIndex,
  createIndex,
] as const;
