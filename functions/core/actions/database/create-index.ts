import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import { alreadyThere } from "../statements/existing-index.ts";
import { createIndexSql, type IndexInput, indexInputSchema } from "../statements/index-definition.ts";
import { invalidLike } from "../statements/invalid-index.ts";
import { hasMysqlIndex, lookAtTable, notThere, openForLong } from "../statements/mysql-object.ts";
import {
  busyWith,
  longTransaction,
  lookAtObject,
  mayNot,
  noSuchObject,
  type ObjectInput,
  partitioned,
} from "../statements/postgres-object.ts";
import { patient, runsStatement } from "../statements/run-statement.ts";
import type { Check, TakesBack, Verdict } from "../steps.ts";

/** A10: builds an index while readers and writers go on. */
export const createIndexOffer = defineOffer({
  id: "create-index",
  spec: ["A10", "A40"],
  title: "Create the index",
  risk: "safe",
  asksAlways: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: indexInputSchema,
  undo: "Drop it again, while nothing uses it.",
  preview: (input, { engine }) =>
    engine === "postgres"
      ? createIndexSql(input, engine)
      : `SET SESSION lock_wait_timeout = ${patient[engine]};\n${createIndexSql(input, engine)}`,
  describes: ({ schema, table, name, definition }) =>
    `Builds index ${name} on ${schema}.${table} ${definition}`,
  key: ({ schema, table, definition, unique }) =>
    `create-index ${schema} ${table} ${unique ? "unique " : ""}${definition}`,
});

/**
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html
 */
export const createIndex = /* @__PURE__ */ defineDatabaseAction(
  createIndexOffer,
  /* @__PURE__ */ runsStatement({
    what: "index build",
    grants: { postgres: [], mysql: [], mariadb: [] },
    lockSeconds: patient,
    longestSeconds: 21_600,
    sql: (input, { engine }) => createIndexSql(input, engine),
    check,
    proves,
    leftovers,
    undoes,
  }),
);

const tableOf = ({ schema, table }: IndexInput) => ({ schema, name: table });

async function check(world: DatabaseWorld, input: IndexInput): Promise<Check> {
  const held =
    world.target.engine === "postgres" ? await onPostgres(world, input) : await onMysql(world, input);
  return held ?? { kind: "go", says: `${input.schema}.${input.table} is there and free for the build.` };
}

async function onPostgres(world: DatabaseWorld, input: IndexInput): Promise<Check | null> {
  const table = await lookAtObject(world, tableOf(input));
  if (table === null) return noSuchObject(tableOf(input));
  if (table.kind === "p") {
    return partitioned(table);
  }
  const index = await lookAtObject(world, input);
  if (index !== null) return index.valid === true ? alreadyThere(world, input) : invalid(input);
  if (!table.owns) return mayNot("CREATE INDEX on", table, false);
  return (await busyWith(world, table)) ?? longTransaction(world);
}

async function onMysql(world: DatabaseWorld, input: IndexInput): Promise<Check | null> {
  const table = await lookAtTable(world, tableOf(input));
  if (table === null) return notThere(tableOf(input), "INDEX, ALTER, SELECT");
  if (await hasMysqlIndex(world, input)) return alreadyThere(world, input);
  if (table.engine === "InnoDB") return openForLong(world);
  return refuse(
    "not-innodb",
    `${input.schema}.${input.table} is a table of ${table.engine ?? "an unknown engine"}, which cannot be written to while an index is built.`,
    "A person builds it in a maintenance window.",
  );
}

function invalid({ name }: IndexInput): Check {
  return refuse(
    "invalid-index",
    `An invalid index ${name} is there: a build of it failed before, or still runs.`,
    "A person looks whether it still runs, and drops it (DROP INDEX CONCURRENTLY) when it does not.",
  );
}

async function proves(world: DatabaseWorld, input: IndexInput): Promise<Verdict> {
  const there =
    world.target.engine === "postgres"
      ? (await lookAtObject(world, input))?.valid === true
      : await hasMysqlIndex(world, input);
  return there
    ? { kind: "verified", says: `Index ${input.name} is built and valid.` }
    : { kind: "not-verified", says: `Index ${input.name} is not there, or is not valid.` };
}

/** MySQL leaves nothing: it undoes what it has built. */
async function leftovers(world: DatabaseWorld, input: IndexInput): Promise<readonly ObjectInput[]> {
  return world.target.engine === "postgres" ? invalidLike(world, input, "") : [];
}

/** Dropped again while nothing uses it; on MySQL and MariaDB hidden first, which is undone in an instant. */
async function undoes(world: DatabaseWorld, { schema, table, name }: IndexInput): Promise<TakesBack> {
  return world.target.engine === "postgres"
    ? { actionId: "drop-index", input: { schema, table, name, keeps: null, scans: null } }
    : { actionId: "hide-index", input: { schema, table, name, visible: false } };
}
