import { sortedRanking } from "../faults/sorted-ranking.ts";

export const scenario = sortedRanking(
  "A ranking sorts more than its memory takes and spills to disk at every call",
  // PostgreSQL 17 counts only the sort keys: with the default of 4 MB it would hold these rows in memory.
  "1MB",
);
