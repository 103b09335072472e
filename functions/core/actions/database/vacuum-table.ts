import * as z from "zod";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
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
import { impatient, runsStatement } from "../statements/run-statement.ts";
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

const vacuumedSchema = z.object({ seconds: z.coerce.number().nullable(), dead: z.coerce.number() });

async function proves(world: DatabaseWorld, input: ObjectInput, withinSeconds: number): Promise<Verdict> {
  const sql = `select extract(epoch from clock_timestamp() - last_vacuum) as seconds, n_dead_tup as dead
from pg_catalog.pg_stat_all_tables where schemaname = $1 and relname = $2`;
  const [row] = await world.session.query({ sql, params: [input.schema, input.name] }, world.signal);
  const seen = row === undefined ? null : vacuumedSchema.parse(row);
  if (seen === null || seen.seconds === null || seen.seconds > withinSeconds) {
    return { kind: "not-verified", says: `No VACUUM of ${quoted(input)} that has ended is to be seen.` };
  }
  return {
    kind: "verified",
    says: `${quoted(input)} is vacuumed; ${seen.dead} dead rows are left${seen.dead > 1000 ? ", which an old transaction, slot or standby may still need" : ""}.`,
  };
}
