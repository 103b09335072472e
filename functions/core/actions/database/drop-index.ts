import * as z from "zod";
import type { Target } from "../../contract/target.ts";
import { mysqlName } from "../../text/sql-names.ts";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { mayDropMysql, mayDropPostgres } from "../statements/droppable.ts";
import { mysqlKeys, postgresDefinition } from "../statements/existing-index.ts";
import { type IndexInput, indexInputSchema, wasSchema } from "../statements/index-definition.ts";
import { postgresIndexIn } from "../statements/index-in-statement.ts";
import { hasMysqlIndex } from "../statements/mysql-object.ts";
import { patient } from "../statements/object-statement.ts";
import { lookAtObject, quoted } from "../statements/postgres-object.ts";
import { runsStatement } from "../statements/run-statement.ts";
import type { Check, TakesBack, Verdict } from "../steps.ts";

const inputSchema = z.strictObject({
  schema: z.string().min(1),
  table: z.string().min(1),
  name: z.string().min(1),
  /** The index that does its work; null: nothing uses it. */
  keeps: z.string().min(1).nullable(),
  /** How often it was scanned when that was judged: more since, and it is used. PostgreSQL only. */
  scans: z.number().int().nonnegative().nullable(),
  /** Written down before it is gone: whoever finds it dropped reads that nowhere else. Without it nothing is dropped. */
  was: wasSchema.exactOptional(),
});
type DropInput = z.infer<typeof inputSchema>;

/** A13: drops an index that another one makes superfluous, or that nothing uses. */
export const dropIndexOffer = defineOffer({
  id: "drop-index",
  spec: ["A13", "A40"],
  title: "Drop the index",
  risk: "disruptive",
  asksAlways: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "Build it again by its definition, which takes as long as the first time.",
  preview: (input, { engine }) =>
    engine === "postgres"
      ? statementOf(input, { engine })
      : `SET SESSION lock_wait_timeout = ${patient[engine]};\n${statementOf(input, { engine })}`,
  describes: ({ schema, table, name, keeps }) =>
    `Drops index ${name} of ${schema}.${table}, ${keeps === null ? "which nothing uses" : `whose work ${keeps} does`}`,
  key: ({ schema, table, name }) => `drop-index ${schema} ${table} ${name}`,
});

/**
 * https://www.postgresql.org/docs/current/sql-dropindex.html
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html
 */
function statementOf({ schema, table, name }: DropInput, { engine }: Pick<Target, "engine">): string {
  return engine === "postgres"
    ? `DROP INDEX CONCURRENTLY ${quoted({ schema, name })}`
    : `ALTER TABLE ${mysqlName(schema, table)} DROP INDEX ${mysqlName(name)}, ALGORITHM=INPLACE, LOCK=NONE`;
}

export const dropIndex = /* @__PURE__ */ defineDatabaseAction(
  dropIndexOffer,
  /* @__PURE__ */ runsStatement({
    what: "drop of the index",
    grants: { postgres: [], mysql: [], mariadb: [] },
    lockSeconds: patient,
    longestSeconds: 3600,
    sql: statementOf,
    check,
    proves,
    undoes,
    undoesFound: async (world, input) => madeAgain(shownOf(world, input)),
    halfDone,
    isUntouched: "by-nothing",
  }),
);

function check(world: DatabaseWorld, input: DropInput): Promise<Check> {
  return world.target.engine === "postgres" ? mayDropPostgres(world, input) : mayDropMysql(world, input);
}

async function proves(world: DatabaseWorld, input: DropInput): Promise<Verdict> {
  const there =
    world.target.engine === "postgres"
      ? (await lookAtObject(world, input)) !== null
      : await hasMysqlIndex(world, input);
  return there
    ? { kind: "not-verified", says: `Index ${input.name} is still there.${await wordOf(world, input)}` }
    : { kind: "verified", says: `Index ${input.name} is gone.` };
}

async function wordOf(world: DatabaseWorld, input: DropInput): Promise<string> {
  const half = await halfDone(world, input);
  return half === null ? "" : ` ${half}`;
}

/** PostgreSQL takes it from the planner first, then waits. */
async function halfDone(world: DatabaseWorld, input: DropInput): Promise<string | null> {
  if (world.target.engine !== "postgres") return null;
  const index = await lookAtObject(world, input);
  if (index?.valid !== false) return null;
  return `It is invalid now: no query uses it any more. Dropped again it goes; REINDEX INDEX CONCURRENTLY ${quoted(input)} brings it back.`;
}

async function undoes(world: DatabaseWorld, input: DropInput): Promise<TakesBack> {
  // Invalid by a drop of before that broke off, its keys are those that were shown.
  return madeAgain((await definitionOf(world, input)) ?? shownOf(world, input));
}

function madeAgain(index: IndexInput | null): TakesBack {
  const parsed = indexInputSchema.safeParse(index);
  // Not what REINDEX has left: it is made again by another REINDEX.
  return parsed.success ? { actionId: "create-index", input: parsed.data } : null;
}

/** What a REINDEX has left is made by another one, and an expression of MySQL is not shown as it is written. */
function shownOf({ target }: DatabaseWorld, { schema, table, name, was }: DropInput): IndexInput | null {
  if (was === undefined || /_cc(new|old)\d*$/.test(name)) return null;
  if (target.engine !== "postgres" && /[(,]\s*\(/.test(was.definition)) return null;
  return { schema, table, name, ...was };
}

async function definitionOf(world: DatabaseWorld, input: DropInput): Promise<IndexInput | null> {
  const { schema, table, name } = input;
  if (world.target.engine === "postgres") {
    const valid = (await lookAtObject(world, input))?.valid === true;
    const definition = valid ? await postgresDefinition(world, input) : null;
    return definition === null ? null : postgresIndexIn(definition);
  }
  const keys = await mysqlKeys(world, input);
  // An expression is not shown by the statement that every version knows.
  return keys === null || keys.definition.includes("`?`") ? null : { schema, table, name, ...keys };
}
