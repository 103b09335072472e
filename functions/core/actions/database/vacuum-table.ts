import * as z from "zod";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { impatient } from "../statements/object-statement.ts";
import {
  busyWith,
  lookAtObject,
  mayNot,
  noSuchObject,
  type ObjectInput,
  objectInputSchema,
  partitioned,
  quoted,
} from "../statements/postgres-object.ts";
import { runsStatement } from "../statements/run-statement.ts";
import type { Check, Verdict } from "../steps.ts";

/** A8: makes the room of dead rows usable again and freezes; never FULL, which locks everybody out. */
export const vacuumTableOffer = defineOffer({
  id: "vacuum-table",
  spec: ["A8", "A40"],
  title: "Vacuum the table",
  risk: "safe",
  asksAlways: true,
  engines: ["postgres"],
  input: objectInputSchema,
  undo: null,
  preview: statementOf,
  describes: ({ schema, name }) =>
    `Makes the room of dead rows in ${schema}.${name} usable again; queries on standbys that still need them may be cancelled`,
  key: ({ schema, name }) => `vacuum-table ${schema} ${name}`,
});

/**
 * To cut off the end of the table takes a lock that standbys have to wait out as well.
 * https://www.postgresql.org/docs/current/sql-vacuum.html
 */
function statementOf(input: ObjectInput): string {
  return `VACUUM (ANALYZE, TRUNCATE false) ${quoted(input)}`;
}

export const vacuumTable = /* @__PURE__ */ defineDatabaseAction(
  vacuumTableOffer,
  /* @__PURE__ */ runsStatement({
    what: "VACUUM",
    grants: { postgres: [], mysql: [], mariadb: [] },
    lockSeconds: impatient,
    longestSeconds: 14_400,
    sql: statementOf,
    check,
    proves,
    foundAgain: "by-time",
    marks,
  }),
);

async function check(world: DatabaseWorld, input: ObjectInput): Promise<Check> {
  const table = await lookAtObject(world, input);
  if (table === null) return noSuchObject(input);
  if (table.kind === "p") return partitioned(table);
  if (!table.maintains && !table.owns) return mayNot("VACUUM", table, true);
  const busy = await busyWith(world, table);
  return busy ?? { kind: "go", says: `${table.table} is there, and nobody else is at work on it.` };
}

const vacuumedSchema = z.object({
  seconds: z.coerce.number().nullable(),
  at: z.string(),
  dead: z.coerce.number(),
});

async function lookAtTable(
  { session, signal }: DatabaseWorld,
  { schema, name }: ObjectInput,
): Promise<z.infer<typeof vacuumedSchema> | null> {
  const sql = `select extract(epoch from clock_timestamp() - last_vacuum) as seconds,
  coalesce(last_vacuum::text, '') as at, n_dead_tup as dead
from pg_catalog.pg_stat_all_tables where schemaname = $1 and relname = $2`;
  const [row] = await session.query({ sql, params: [schema, name] }, signal);
  return row === undefined ? null : vacuumedSchema.parse(row);
}

async function marks(world: DatabaseWorld, input: ObjectInput): Promise<string> {
  return (await lookAtTable(world, input))?.at ?? "";
}

async function proves(
  world: DatabaseWorld,
  input: ObjectInput,
  withinSeconds: number,
  mark: string | null,
): Promise<Verdict> {
  const seen = await lookAtTable(world, input);
  if (seen === null || seen.seconds === null || seen.seconds > withinSeconds || seen.at === mark) {
    return { kind: "not-verified", says: `No VACUUM of ${quoted(input)} that has ended is to be seen.` };
  }
  return {
    kind: "verified",
    says: `${quoted(input)} is vacuumed; ${seen.dead} dead rows are left${seen.dead > 1000 ? ", which an old transaction, slot or standby may still need" : ""}.`,
  };
}
