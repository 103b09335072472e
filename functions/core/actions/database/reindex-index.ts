import * as z from "zod";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { invalidLike } from "../statements/invalid-index.ts";
import { patient } from "../statements/object-statement.ts";
import {
  busyWith,
  longTransaction,
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

/** A9: builds an index anew beside the old one. */
export const reindexIndexOffer = defineOffer({
  id: "reindex-index",
  spec: ["A9", "A40"],
  title: "Build the index anew",
  risk: "safe",
  asksAlways: true,
  engines: ["postgres"],
  input: objectInputSchema,
  undo: null,
  preview: statementOf,
  describes: ({ schema, name }) => `Builds index ${schema}.${name} anew beside the old one`,
  key: ({ schema, name }) => `reindex-index ${schema} ${name}`,
});

/** https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY */
function statementOf(input: ObjectInput): string {
  return `REINDEX INDEX CONCURRENTLY ${quoted(input)}`;
}

export const reindexIndex = /* @__PURE__ */ defineDatabaseAction(
  reindexIndexOffer,
  /* @__PURE__ */ runsStatement({
    what: "index build",
    grants: { postgres: [], mysql: [], mariadb: [] },
    lockSeconds: patient,
    longestSeconds: 21_600,
    sql: statementOf,
    check,
    proves,
    foundAgain: "by-nothing",
    marks,
    leftovers,
  }),
);

async function check(world: DatabaseWorld, input: ObjectInput): Promise<Check> {
  const index = await lookAtObject(world, input);
  if (index === null || index.valid === null) return noSuchObject(input);
  if (!index.owns) return mayNot("REINDEX an index of", index, false);
  if (index.kind === "I") return partitioned(index);
  const held = (await busyWith(world, index)) ?? (await longTransaction(world));
  return (
    held ?? { kind: "go", says: `${quoted(input)} takes ${index.bytes} bytes, and as much again meanwhile.` }
  );
}

/** The one that is built takes the name of the old one, and has an oid of its own. */
async function marks({ session, signal }: DatabaseWorld, { schema, name }: ObjectInput): Promise<string> {
  const sql = `select c.oid::text as oid from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`;
  const [row] = await session.query({ sql, params: [schema, name] }, signal);
  return row === undefined ? "" : z.object({ oid: z.string() }).parse(row).oid;
}

async function proves(
  world: DatabaseWorld,
  input: ObjectInput,
  _withinSeconds: number,
  mark: string | null,
): Promise<Verdict> {
  const index = await lookAtObject(world, input);
  if (index?.valid === true && mark !== null && (await marks(world, input)) !== mark)
    return { kind: "verified", says: `${quoted(input)} is valid and takes ${index.bytes} bytes.` };
  return { kind: "not-verified", says: `${quoted(input)} was not built anew.` };
}

async function leftovers(world: DatabaseWorld, input: ObjectInput): Promise<readonly ObjectInput[]> {
  return [...(await invalidLike(world, input, "_ccnew")), ...(await invalidLike(world, input, "_ccold"))];
}
