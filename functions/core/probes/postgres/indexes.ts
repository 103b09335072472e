import * as z from "zod";
import { defineProbe } from "../define.ts";
import { type PostgresIndexRow, postgresIndexesRows, postgresIndexRowSchema } from "./indexes-rows.ts";
import { indexProblemsSql } from "./indexes-sql.ts";

const replicaCaveat = "scans are counted on each server alone: a replica may use it";

export const postgresIndexes = defineProbe({
  ...postgresIndexesRows,
  spec: ["P10"],
  title: "Which indexes are invalid, superfluous or never used?",
  engines: ["postgres"],
  tier: "health",
  cost: "One pass over pg_index with its counters; quadratic only in the indexes of one table. Sizes of at most 150.",
  needs: [],
  maxRows: 100,
  source: "https://www.postgresql.org/docs/current/catalog-pg-index.html",
  statements: ({ server, settings }) => [
    { sql: indexProblemsSql(server.major), params: [settings.thresholds.rareIndexScans] },
  ],
  read: ([rows = []]): PostgresIndexRow[] =>
    z
      .array(postgresIndexRowSchema.omit({ caveat: true }))
      .parse(rows)
      .map((row) => ({ ...row, caveat: row.problem === "invalid" ? null : replicaCaveat })),
});
