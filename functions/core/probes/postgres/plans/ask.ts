import { quoteName } from "../../../text/sql-names.ts";
import type { FollowStatement } from "../../define.ts";

export interface Asked {
  readonly sql: string;
  readonly parameters: number;
  readonly searchPath: string;
}

/** Statements sent for one plan, and which of their answers is the plan. */
export interface PlanQuestion {
  readonly statements: readonly FollowStatement[];
  readonly planAt: number;
}

const mayFail = true;
const prepared = "rds_responder_plan";
const options = "format json, verbose";

/**
 * Never ANALYZE. Bare $n and no values go by the simple protocol, which EXPLAIN (GENERIC_PLAN) needs. Older versions
 * plan a prepared statement: with force_generic_plan the nulls it is given count for nothing. Each in a transaction that
 * nothing can make writable again, and whose end takes back every setting, also those that a plan's code may have made.
 * https://www.postgresql.org/docs/current/sql-explain.html
 */
export function planQuestion({ sql, parameters, searchPath }: Asked, major: number): PlanQuestion {
  const begin: readonly FollowStatement[] = [
    { sql: "begin transaction read only", mayFail },
    { sql: "select pg_catalog.set_config('search_path', $1, true)", params: [searchPath], mayFail },
  ];
  const end: FollowStatement = { sql: "rollback", mayFail };
  const planned = (explain: string): FollowStatement => ({ sql: explain, mayFail });
  if (parameters === 0) {
    return { statements: [...begin, planned(`explain (${options}) ${sql}`), end], planAt: 2 };
  }
  if (major >= 16) {
    return { statements: [...begin, planned(`explain (${options}, generic_plan) ${sql}`), end], planAt: 2 };
  }
  const nulls = Array.from({ length: parameters }, () => "null").join(", ");
  const steps = [`prepare ${prepared} as ${sql}`, `explain (${options}) execute ${prepared}(${nulls})`];
  // What is prepared outlives the transaction, and one that failed takes no more statements.
  return {
    statements: [...begin, ...steps.map(planned), end, planned(`deallocate ${prepared}`)],
    planAt: 3,
  };
}

/** A table may be locked between the look at the locks and the plan: who queues for it then waits no longer for us. */
const lockTimeout = "50ms";
const kept = "rds_responder.lock_timeout";

/**
 * Before and after all plans. Each may fail alone, so that what comes last is always sent. The path is ours again before
 * anything is called: a role may set its own to one in which its functions and operators go before pg_catalog's.
 */
export function withPlanSettings(statements: readonly FollowStatement[]): readonly FollowStatement[] {
  const set = (name: string, value: string): string => `set_config('${name}', ${value}, false)`;
  const before = [
    set(kept, "current_setting('lock_timeout')"),
    set("lock_timeout", `'${lockTimeout}'`),
    set("plan_cache_mode", "'force_generic_plan'"),
  ];
  const limitAgain = set("lock_timeout", `coalesce(nullif(current_setting('${kept}', true), ''), '500ms')`);
  return [
    { sql: `select ${before.join(", ")}`, mayFail },
    ...statements,
    { sql: "set search_path = pg_catalog", mayFail },
    { sql: `select ${limitAgain}`, mayFail },
    { sql: "set plan_cache_mode = auto", mayFail },
  ];
}

/**
 * The plan as it would be with the index. https://hypopg.readthedocs.io/en/rel1_stable/usage.html. Written from that
 * documentation: the lab's PostgreSQL has no HypoPG.
 */
export function hypotheticalQuestion(
  schema: string,
  createIndex: string,
  asked: Asked,
  major: number,
): PlanQuestion {
  const plan = planQuestion(asked, major);
  const hypopg = quoteName(schema);
  return {
    statements: [
      {
        sql: `select indexname from ${hypopg}.hypopg_create_index($1::pg_catalog.text)`,
        params: [createIndex.replace(" CONCURRENTLY", "")],
        mayFail,
      },
      ...plan.statements,
      { sql: `select ${hypopg}.hypopg_reset()`, mayFail },
    ],
    planAt: plan.planAt + 1,
  };
}
