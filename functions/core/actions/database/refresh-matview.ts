import * as z from "zod";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import { impatient } from "../statements/object-statement.ts";
import { busyWith, lookAtObject, mayNot, noSuchObject, quoted } from "../statements/postgres-object.ts";
import { runsStatement } from "../statements/run-statement.ts";
import type { Check, Verdict } from "../steps.ts";

const inputSchema = z.strictObject({
  schema: z.string().min(1),
  name: z.string().min(1),
  /** False only for a view that was never filled: nobody can read it anyway. */
  concurrently: z.boolean(),
});
type RefreshInput = z.infer<typeof inputSchema>;

/** A11: fills a materialized view anew while its readers go on. */
export const refreshMatviewOffer = defineOffer({
  id: "refresh-materialized-view",
  spec: ["A11", "A40"],
  title: "Refresh the materialized view",
  risk: "safe",
  asksAlways: true,
  engines: ["postgres"],
  input: inputSchema,
  undo: null,
  preview: statementOf,
  describes: ({ schema, name }) => `Fills materialized view ${schema}.${name} anew`,
  key: ({ schema, name }) => `refresh-materialized-view ${schema} ${name}`,
});

/** https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html */
function statementOf({ schema, name, concurrently }: RefreshInput): string {
  return `REFRESH MATERIALIZED VIEW${concurrently ? " CONCURRENTLY" : ""} ${quoted({ schema, name })}`;
}

export const refreshMatview = /* @__PURE__ */ defineDatabaseAction(
  refreshMatviewOffer,
  /* @__PURE__ */ runsStatement({
    what: "refresh",
    grants: { postgres: [], mysql: [], mariadb: [] },
    lockSeconds: impatient,
    longestSeconds: 14_400,
    sql: statementOf,
    check,
    proves,
    foundAgain: "by-nothing",
    marks: async (world, input) => (await lookAtView(world, input))?.mark ?? null,
  }),
);

const viewSchema = z.object({ populated: z.boolean(), key: z.boolean(), mark: z.string() });

/**
 * Every refresh, and no other thing that is done to a view without DDL, writes its row of pg_class anew: there is no other
 * trace of one that changed no rows. https://www.postgresql.org/docs/current/ddl-system-columns.html
 */
async function lookAtView(
  { session, signal }: DatabaseWorld,
  { schema, name }: RefreshInput,
): Promise<z.infer<typeof viewSchema> | null> {
  const sql = `select c.relispopulated as populated, c.xmin::text as mark, exists (select from pg_catalog.pg_index i
  where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null) as key
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and c.relkind = 'm'`;
  const [row] = await session.query({ sql, params: [schema, name] }, signal);
  return row === undefined ? null : viewSchema.parse(row);
}

async function check(world: DatabaseWorld, input: RefreshInput): Promise<Check> {
  const object = await lookAtObject(world, input);
  const view = await lookAtView(world, input);
  if (object === null || view === null) return noSuchObject(input);
  const may = world.session.server.major >= 17 ? object.maintains || object.owns : object.owns;
  if (!may) return mayNot("REFRESH", object, world.session.server.major >= 17);
  return (
    howRefusal(input, view) ??
    (await busyWith(world, object)) ?? { kind: "go", says: `${object.table} takes ${object.bytes} bytes.` }
  );
}

function howRefusal(input: RefreshInput, { populated, key }: z.infer<typeof viewSchema>): Check | null {
  const { concurrently } = input;
  if (!concurrently && populated)
    return refuse(
      "readers-would-wait",
      `${quoted(input)} is filled: a refresh that is not CONCURRENTLY keeps all its readers waiting.`,
      "A unique index on plain columns makes CONCURRENTLY possible; or a person refreshes it when nobody reads.",
    );
  if (!concurrently || (populated && key)) return null;
  return refuse(
    "not-concurrently",
    `${quoted(input)} ${populated ? "has no unique index on plain columns" : "was never filled"}: CONCURRENTLY is not possible.`,
    populated ? "Build a unique index first." : "It is filled the first time without CONCURRENTLY.",
  );
}

async function proves(
  world: DatabaseWorld,
  input: RefreshInput,
  _withinSeconds: number,
  mark: string | null,
): Promise<Verdict> {
  const view = await lookAtView(world, input);
  // Without a mark it has just ended on this very connection, and without an error.
  return view?.populated === true && view.mark !== mark
    ? { kind: "verified", says: `${quoted(input)} is filled anew.` }
    : { kind: "not-verified", says: `No refresh of ${quoted(input)} that has ended is to be seen.` };
}
