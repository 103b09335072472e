import * as z from "zod";
import type { Target } from "../../contract/target.ts";
import { mysqlName } from "../../text/sql-names.ts";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { mayAnalyze, mysqlAnalyzed } from "../statements/mysql-object.ts";
import { impatient } from "../statements/object-statement.ts";
import {
  lookAtObject,
  mayNot,
  noSuchObject,
  type ObjectInput,
  objectInputSchema,
  quoted,
} from "../statements/postgres-object.ts";
import { runsStatement } from "../statements/run-statement.ts";
import type { Check, Verdict } from "../steps.ts";

/** A7: collects the statistics of a table anew. */
export const analyzeTableOffer = defineOffer({
  id: "analyze-table",
  spec: ["A7", "A40"],
  title: "Collect statistics",
  risk: "safe",
  asksAlways: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: objectInputSchema,
  undo: null,
  preview: statementOf,
  describes: ({ schema, name }) => `Collects new statistics of ${schema}.${name}`,
  key: ({ schema, name }) => `analyze-table ${schema} ${name}`,
});

/** https://www.postgresql.org/docs/current/sql-analyze.html, https://dev.mysql.com/doc/refman/8.4/en/analyze-table.html */
function statementOf(input: ObjectInput, { engine }: Pick<Target, "engine">): string {
  return engine === "postgres"
    ? `ANALYZE ${quoted(input)}`
    : `ANALYZE NO_WRITE_TO_BINLOG TABLE ${mysqlName(input.schema, input.name)}`;
}

export const analyzeTable = /* @__PURE__ */ defineDatabaseAction(
  analyzeTableOffer,
  /* @__PURE__ */ runsStatement({
    what: "ANALYZE",
    grants: {
      postgres: [],
      mysql: ["GRANT SELECT ON mysql.innodb_table_stats TO {user}"],
      mariadb: ["GRANT SELECT ON mysql.innodb_table_stats TO {user}"],
    },
    lockSeconds: impatient,
    longestSeconds: 3600,
    sql: statementOf,
    check,
    proves,
    foundAgain: "by-time",
    marks,
  }),
);

async function check(world: DatabaseWorld, input: ObjectInput): Promise<Check> {
  if (world.target.engine !== "postgres") return mayAnalyze(world, input);
  const table = await lookAtObject(world, input);
  if (table === null) return noSuchObject(input);
  if (!table.maintains && !table.owns) return mayNot("ANALYZE", table, true);
  return { kind: "go", says: `${table.table} is there, and the acting user may analyze it.` };
}

const analyzedSchema = z.object({ seconds: z.coerce.number(), at: z.string() });
type Analyzed = z.infer<typeof analyzedSchema>;

/** When it was last done; null: never. */
async function lastAnalyzed(world: DatabaseWorld, input: ObjectInput): Promise<Analyzed | null> {
  if (world.target.engine !== "postgres") return mysqlAnalyzed(world, input);
  const sql = `select extract(epoch from clock_timestamp() - last_analyze) as seconds, last_analyze::text as at
from pg_catalog.pg_stat_all_tables where schemaname = $1 and relname = $2 and last_analyze is not null`;
  const [row] = await world.session.query({ sql, params: [input.schema, input.name] }, world.signal);
  return row === undefined ? null : analyzedSchema.parse(row);
}

async function marks(world: DatabaseWorld, input: ObjectInput): Promise<string> {
  return (await lastAnalyzed(world, input))?.at ?? "";
}

async function proves(
  world: DatabaseWorld,
  input: ObjectInput,
  withinSeconds: number,
  mark: string | null,
): Promise<Verdict> {
  const last = await lastAnalyzed(world, input);
  const table = world.target.engine === "postgres" ? quoted(input) : mysqlName(input.schema, input.name);
  if (last !== null && last.seconds <= withinSeconds && last.at !== mark)
    return { kind: "verified", says: `The statistics of ${table} are new.` };
  // InnoDB tells whole seconds.
  const same = world.target.engine !== "postgres" && last !== null && last.seconds <= 1 && last.at === mark;
  return {
    kind: "not-verified",
    says: same
      ? `The statistics of ${table} are of the second in which this was sent, as were those before it: whether they are new is not known.`
      : `No new statistics of ${table} are to be seen.`,
  };
}
