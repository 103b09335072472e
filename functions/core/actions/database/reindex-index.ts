import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { invalidLike } from "../statements/invalid-index.ts";
import {
  busyWith,
  longTransaction,
  lookAtObject,
  mayNot,
  noSuchObject,
  type ObjectInput,
  objectInputSchema,
  quoted,
} from "../statements/postgres-object.ts";
import { patient, runsStatement } from "../statements/run-statement.ts";
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
    leftovers,
  }),
);

async function check(world: DatabaseWorld, input: ObjectInput): Promise<Check> {
  const index = await lookAtObject(world, input);
  if (index === null || index.valid === null) return noSuchObject(input);
  if (!index.owns) return mayNot("REINDEX an index of", index, false);
  const held = (await busyWith(world, index)) ?? (await longTransaction(world));
  return (
    held ?? { kind: "go", says: `${quoted(input)} takes ${index.bytes} bytes, and as much again meanwhile.` }
  );
}

async function proves(world: DatabaseWorld, input: ObjectInput): Promise<Verdict> {
  const index = await lookAtObject(world, input);
  // The old one stays valid where the build of the new one failed, which then lies beside it.
  if (index?.valid === true && (await invalidLike(world, input, "_ccnew")).length === 0)
    return { kind: "verified", says: `${quoted(input)} is valid and takes ${index.bytes} bytes.` };
  return { kind: "not-verified", says: `${quoted(input)} was not built anew.` };
}

async function leftovers(world: DatabaseWorld, input: ObjectInput): Promise<readonly ObjectInput[]> {
  return [...(await invalidLike(world, input, "_ccnew")), ...(await invalidLike(world, input, "_ccold"))];
}
