import * as z from "zod";
import { SqlError } from "../../errors.ts";
import type { DatabaseWorld } from "../define.ts";
import { sentNote } from "../sent.ts";

export const measureSchema = z.object({
  /** The planner's own. */
  cost: z.number().nonnegative(),
  /** The better of two runs, since the first may have found nothing in the cache; null: it did not end in time. */
  ms: z.number().nonnegative().nullable(),
});
export type Measure = z.infer<typeof measureSchema>;

/** So long one run may take: it is work on a production database. */
export const runMs = 5000;

/**
 * What the statement costs now, by its plan, and how long it takes, with its rows thrown away by the server. Throws
 * SqlError where the plan itself is refused.
 */
export async function measured(world: DatabaseWorld, statement: string): Promise<Measure> {
  await world.session.limit(runMs);
  world.note(sentNote("the statement that is tried, read only"));
  return world.target.engine === "postgres"
    ? onPostgres(world, statement)
    : { cost: await mysqlCost(world, statement), ms: await best(() => mysqlRun(world, statement)) };
}

async function best(run: () => Promise<number | null>): Promise<number | null> {
  const first = await run();
  if (first === null) return null;
  const second = await run();
  return second === null ? first : Math.min(first, second);
}

/** A statement that was given up at the limit ends so, and nothing else does. */
async function inTime<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SqlError && error.kind === "timeout") return null;
    throw error;
  }
}

const planSchema = z.tuple([
  z.object({ Plan: z.object({ "Total Cost": z.number() }), "Execution Time": z.number().optional() }),
]);

/** Read only, so that no function that it calls writes either. https://www.postgresql.org/docs/current/sql-explain.html */
async function onPostgres({ session, signal }: DatabaseWorld, statement: string): Promise<Measure> {
  const explain = async (options: string) => {
    await session.query({ sql: "begin read only" }, signal);
    try {
      const [row] = await session.query({ sql: `explain (${options}format json) ${statement}` }, signal);
      return planSchema.parse(row?.["QUERY PLAN"])[0];
    } finally {
      await session.query({ sql: "rollback" }, signal);
    }
  };
  const { Plan } = await explain("");
  const run = () => inTime(async () => (await explain("analyze, timing off, "))["Execution Time"] ?? null);
  return { cost: Plan["Total Cost"], ms: await best(run) };
}

const costSchema = z.object({ Value: z.coerce.number() });

/** https://dev.mysql.com/doc/refman/8.4/en/server-status-variables.html#statvar_Last_query_cost */
async function mysqlCost({ session, signal }: DatabaseWorld, statement: string): Promise<number> {
  await session.query({ sql: `EXPLAIN ${statement}` }, signal);
  const [row] = await session.query({ sql: "SHOW SESSION STATUS LIKE 'Last_query_cost'" }, signal);
  return costSchema.parse(row).Value;
}

/** By the clock: both say how long it took in ways of their own. MySQL ends it at the limit without a word. */
async function mysqlRun(
  { session, signal, clock, target }: DatabaseWorld,
  statement: string,
): Promise<number | null> {
  const sql = `${target.engine === "mariadb" ? "ANALYZE" : "EXPLAIN ANALYZE"} ${statement}`;
  await session.query({ sql: "START TRANSACTION READ ONLY" }, signal);
  try {
    const from = clock.now();
    const ended = await inTime(() => session.query({ sql }, signal));
    const ms = clock.now() - from;
    return ended === null || ms >= runMs ? null : ms;
  } finally {
    await session.query({ sql: "ROLLBACK" }, signal);
  }
}

/** Cost and time both fell by that share, or more. */
export function pays(before: Measure, after: Measure, gainPercent: number): boolean {
  const share = 1 - gainPercent / 100;
  // What did not end in time before, and does now, has become faster by an unknown amount.
  const faster = after.ms !== null && (before.ms === null || after.ms <= before.ms * share);
  return faster && after.cost <= before.cost * share;
}

export function textOf({ cost, ms }: Measure): string {
  return `cost ${Math.round(cost * 10) / 10}, ${ms === null ? `over ${runMs} ms` : `${Math.round(ms * 10) / 10} ms`}`;
}
