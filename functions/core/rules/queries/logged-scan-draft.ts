import { fromOutside } from "../../facts/rds-facts.ts";
import { slowLog } from "../../facts/slow-log.ts";
import type { View } from "../../facts/view.ts";
import { duration, grouped, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const locking = /^\s*(?:update|delete)\b|\bfor\s+(?:update|share)\b/i;
/** Of an index that fits its condition it takes a handful. */
const manyEach = 10_000;
const fewestCalls = 5;
/**
 * A change in batches: by its own LIMIT, or that of a list or table that it takes its rows from; a scalar subquery has
 * one for another reason. What a SELECT gives back tells by itself.
 */
const inBatches =
  /^\s*(?:update|delete)\b(?:[\s\S]*\blimit\s+[?\d]+[\s?\d,]*(?:returning\b[^()]*)?;?\s*$|[\s\S]*\b(?:in|join|from)\s*\(\s*select\b(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\blimit\s+[?\d]|[^()]*,\s*\(\s*select\b(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\blimit\s+[?\d])/i;
/** Of each call, on average. */
const longWait = 1;
const freshSeconds = 5 * 60;

/**
 * Without a look inside: a statement that locks each row that it looks at looks at thousands, and its calls wait for one
 * another, by the slow log.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-locks-set.html
 */
export function loggedScan(view: View): readonly FindingDraft[] {
  const { engine } = view.evidence.target;
  const [slow] = (view.evidence.context?.logs ?? []).flatMap((log) => log.slow ?? []);
  const waits = slow?.waits;
  if (engine === "postgres" || slow === undefined || waits === undefined || !locking.test(waits.query))
    return [];
  const one = slow.statements.find(({ query }) => query === waits.query);
  const age = (Date.parse(view.evidence.collectedAt) - Date.parse(slow.until)) / 1000;
  const query = statementText(waits.query);
  if (one === undefined || query === null || age > freshSeconds || one.calls < fewestCalls) return [];
  const [examinedEach, waitEach] = [one.examined / one.calls, waits.seconds / waits.calls];
  // A purge in batches reads as many as it is asked for, and one of its calls may wait for somebody.
  if (waits.calls < fewestCalls || 2 * waits.calls < one.calls || inBatches.test(waits.query)) return [];
  if (examinedEach < manyEach || one.sent > one.calls || waitEach < longWait) return [];
  const because = "each call locks all rows that it looks at";
  return [
    {
      subject: slowLog,
      severity: "P2",
      confidence: fromOutside(view, 0.75),
      summary: `Each call of one statement looks at ${grouped(Math.round(examinedEach))} rows, and locks all of them: most likely no index fits its condition, and ${waits.calls} calls waited ${duration(waitEach)} each for locks${one.user === null ? "" : ` (user ${one.user})`}: ${query}`,
      evidence: [
        {
          source: slowLog,
          says: `${one.calls} calls in ${duration(slow.spanSeconds)}, ${duration(one.secondsEach)} of work each`,
        },
        {
          source: "engine",
          says: "what would change it: an index on what its WHERE compares; how it is planned could not be seen (EXPLAIN)",
        },
      ],
      explains: (
        ["hot-row-contention", "blocked-by-running-query", "connections-near-limit", "cpu-saturated"] as const
      ).map((cause) => ({ cause, because })),
      actions: [],
    },
  ];
}
