import { analyzeTableOffer } from "./database/analyze-table.ts";
import { cancelQueryOffer } from "./database/cancel-query.ts";
import { createIndexOffer } from "./database/create-index.ts";
import { reindexIndexOffer } from "./database/reindex-index.ts";
import { terminateSessionOffer } from "./database/terminate-session.ts";
import { vacuumTableOffer } from "./database/vacuum-table.ts";

/** What can be proposed of databaseActions, in their order. */
export const databaseOffers = [
  cancelQueryOffer,
  terminateSessionOffer,
  analyzeTableOffer,
  vacuumTableOffer,
  reindexIndexOffer,
  createIndexOffer,
] as const;
