import type { Explanation } from "../contract/explanation.ts";
import { postgresDatabaseRatesRows } from "../probes/postgres/database-rates-rows.ts";
import { postgresFailingStatementsRows } from "../probes/postgres/failing-statements-rows.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { failingCalls } from "./failing-calls.ts";
import type { Statement } from "./statements.ts";
import type { View } from "./view.ts";

/**
 * A statement that takes too long and is what fails most: a time-out of the server or the client cuts it off
 * (statement_timeout, max_execution_time, max_statement_time, a cancel request). Those that wait for locks are not here.
 */
export function explainsErrors(view: View, statement: Statement): readonly Explanation[] {
  if (!isWhatFails(view, statement)) return [];
  const because = "its calls take too long and are cut off, each of them an error";
  return [{ cause: "error-storm", because }];
}

/** A call that a time-out cuts off has run for longer than this: so many sessions make no more errors a second. */
const shortestCutOff = 1;
const mostShare = 0.5;

function areEnough(view: View, running: number): boolean {
  const rates = view.rows(postgresDatabaseRatesRows) ?? [];
  const rollbacks = Math.max(0, ...rates.map(({ rollbacksPerSecond }) => rollbacksPerSecond ?? 0));
  return running / shortestCutOff >= mostShare * rollbacks;
}

function isWhatFails(view: View, { id, query, running }: Statement): boolean {
  const caught = view.rows(postgresFailingStatementsRows) ?? [];
  const failing = caught
    .filter(({ failedAt }) => failedAt === "execution")
    .toSorted((a, b) => b.sessions - a.sessions);
  const [most] = failing;
  if (most !== undefined) return fingerprint(most.query) === fingerprint(query);
  // Several run it, it was not counted, and nothing else was caught that failed.
  if (running !== undefined) return caught.length === 0 && areEnough(view, running);
  return failingCalls(view).some(({ statements: [first] }) => first?.digest === id);
}
