import * as z from "zod";
import { unusableIndexSchema } from "../../../contract/unusable-index.ts";
import { defineRows } from "../../define-rows.ts";

/** What a statement inside a stored program is part of. */
const insideSchema = z.object({
  /** Digest of what the client sends; null: its session is in some stored program, and in which is not told. */
  digest: z.string().nullable(),
  /** In which schema that digest is counted. */
  schema: z.string().nullable(),
  /** "schema.name"; null: not known. */
  routine: z.string().nullable(),
  /** "procedure", "function", "trigger", "event". */
  kind: z.string().nullable(),
  sessions: z.number().int(),
  /** Of the time of the calls in which it was seen; null: not known. */
  percentOfCall: z.number().nullable(),
});
export type InsideRoutine = z.infer<typeof insideSchema>;

/** P33: one row for each of the worst statements, the most time in all first. */
export const mysqlPlanRowSchema = z.object({
  /** Its own, or one made up for a statement inside a stored program, which the server gives none. */
  digest: z.string(),
  schema: z.string().nullable(),
  query: z.string(),
  /** Numbers are of the last runs seen alone where it is set. */
  inside: insideSchema.exactOptional(),
  calls: z.number(),
  totalSeconds: z.number(),
  meanSeconds: z.number(),
  /** For each call. */
  rowsExamined: z.number(),
  /** Given or changed, for each call. */
  rowsUsed: z.number(),
  /** `not-explained`: `reason` says why, and `howToSee` which grant is missing. */
  status: z.enum(["explained", "not-explained"]),
  reason: z.string().nullable(),
  howToSee: z.string().nullable(),
  /** In the optimizer's units; MariaDB gives none before 11. */
  cost: z.number().nullable(),
  /** Absent from what was recorded before it was told. */
  spends: z.string().nullable().exactOptional(),
  problems: z.array(
    z.object({
      kind: z.enum([
        "full-scan",
        "wide-key",
        "join-without-index",
        "filesort",
        "temporary-table",
        "row-estimate",
      ]),
      table: z.string().nullable(),
      detail: z.string(),
    }),
  ),
  suggestions: z.array(
    z.object({
      schema: z.string(),
      table: z.string(),
      columns: z.array(z.string()),
      createIndex: z.string(),
      why: z.string(),
      /** Names the index that is there and that the planner may not use. */
      unusable: unusableIndexSchema.exactOptional(),
      /** The index by which rows are found today, and that leaves too many; absent: none is used. */
      narrows: z.string().exactOptional(),
    }),
  ),
});
export type MysqlPlanRow = z.infer<typeof mysqlPlanRowSchema>;

export const mysqlPlansRows = defineRows({ id: "mysql-plans", row: mysqlPlanRowSchema });
export const mariadbPlansRows = defineRows({ id: "mariadb-plans", row: mysqlPlanRowSchema });
