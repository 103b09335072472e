import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";

const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
const query = "SELECT region, count(*) FROM invoices WHERE note = 'x' GROUP BY region FOR UPDATE";
const shown = "SELECT region, count(*) FROM invoices WHERE note = ? GROUP BY region FOR UPDATE";

function statements(...said: readonly (readonly [pid: number, says: string])[]) {
  const lines = said.map(([pid, says], at) => {
    const second = String(10 + Math.floor(at / 2));
    return `2026-11-28 02:40:${second} UTC:10.0.0.7(54):app@shop:[${pid}]:LOG:  ${says}`;
  });
  const { slow } = cleanLog({ ...portion, text: lines.join("\n") }, options);
  return (slow?.statements ?? []).map((one) => [one.query, one.calls, Math.round(one.secondsEach)]);
}

const timed = (says: string, ms = "8412.331") => `duration: ${ms} ms  ${says}`;

describe("calls in PostgreSQL's log", () => {
  it.each([
    "HashAggregate  (cost=0.00..431.00 rows=1 width=44)\n\t  Group Key: region",
    "Query Parameters: $1 = 'secret', $2 = '4711'\n\tFinalize GroupAggregate  (cost=0.00..4.00 rows=1 width=4)",
    "CTE Scan on recent r  (cost=0.00..431.00 rows=1 width=44)",
    "Parallel Index Only Scan Backward using ix on invoices i  (cost=0.00..431.00 rows=1 width=44)",
  ])("D4 are their statements, without the plan: %s", (plan) => {
    expect(statements([1, timed(`plan:\n\tQuery Text: ${query}\n\t${plan}`)])).toEqual([[shown, 1, 8]]);
  });

  it("D4 are none where nothing of the statement is left", () => {
    expect(statements([1, timed(`plan:\n\t{\n\t  "Query Text": "${query}"\n\t}`)])).toEqual([]);
  });

  const plan = `plan:\n\tQuery Text: ${query}\n\tSeq Scan on invoices  (cost=0.00..431.00 rows=1 width=44)`;
  it("D4 are one where auto_explain writes beside log_min_duration_statement", () => {
    const statement = `statement: ${query}`;
    expect(statements([1, timed(plan, "8412.1")], [1, timed(statement)])).toEqual([[shown, 1, 8]]);
    expect(statements([1, timed(plan)], [2, timed(statement)])).toEqual([[shown, 2, 8]]);
    expect(statements([1, timed(statement)], [1, timed(statement)])).toEqual([[shown, 2, 8]]);
    expect(statements([1, timed(plan)], [1, timed(statement, "900.5")])[0]?.[1]).toBe(2);
  });

  const waited = (pid: number) =>
    `process ${pid} acquired RowExclusiveLock on tuple (5,3) of relation 16403 of database 16384 after 29012.331 ms`;
  it("D4 are as long as they work: not while they wait for a lock, as far as the log tells", () => {
    const statement = timed(`execute <unnamed>: ${query}`, "30012.331");
    expect(statements([1, waited(1)], [1, statement])).toEqual([[shown, 1, 1]]);
    expect(statements([2, waited(2)], [1, statement])).toEqual([[shown, 1, 30]]);
  });

  it("D4 are none of sessions that are told to wait", () => {
    const asked = timed("statement: SELECT pg_advisory_lock(42)", "30012.331");
    expect(statements([1, asked], [2, timed("statement: SELECT pg_sleep(30)")])).toEqual([]);
  });
});
