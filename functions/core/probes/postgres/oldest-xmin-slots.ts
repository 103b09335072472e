import * as z from "zod";
import { defineProbe } from "../define.ts";
import { type OldestXminRow, postgresOldestXminSlotsRows } from "./oldest-xmin-rows.ts";

const answerSchema = z.object({
  name: z.string(),
  xmin_age: z.number().int(),
  catalog_only: z.boolean(),
  active: z.boolean(),
  plugin: z.string().nullable(),
  database_name: z.string().nullable(),
});

const sql = `
  select slot_name::text as name, greatest(0, age(xmin), age(catalog_xmin))::int as xmin_age,
    xmin is null as catalog_only, active, plugin::text, database::text as database_name
  from pg_replication_slots where xmin is not null or catalog_xmin is not null
  order by catalog_only, xmin_age desc, slot_name
  limit 200`;

/** A statement of its own: where slots are refused, sessions and prepared transactions are seen all the same. */
export const postgresOldestXminSlots = defineProbe({
  ...postgresOldestXminSlotsRows,
  spec: ["P5"],
  title: "Which replication slots keep vacuum from removing dead rows?",
  engines: ["postgres"],
  tier: "performance",
  cost: "One row for each slot; constant.",
  needs: [],
  maxRows: 20,
  source: "https://www.postgresql.org/docs/current/view-pg-replication-slots.html",
  statements: () => [{ sql }],
  read: ([slots]): OldestXminRow[] =>
    z
      .array(answerSchema)
      .parse(slots)
      .map((row) => ({
        holder: "replication-slot",
        name: row.name,
        sessionKey: null,
        xminAge: row.xmin_age,
        catalogOnly: row.catalog_only,
        seconds: null,
        state: row.active ? "active" : "inactive",
        user: null,
        application: row.plugin,
        client: null,
        database: row.database_name,
        query: null,
      })),
});
