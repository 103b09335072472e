import { cpuPressure } from "../../facts/cpu-pressure.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import { type SlowStatement, slowLog, slowStatement } from "../../facts/slow-log.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { duration, grouped, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const mostPercent = 50;
/** Rows looked at for each that is sent, and for each call: of an index that fits it takes a handful. */
const manyForOne = 1000;
const manyEach = 10_000;
/** One row stands for many. */
const aggregates = /\b(?:count|sum|avg|min|max|group_concat)\s*\(|\bgroup\s+by\b/i;

/** Without a look inside and without Performance Insights: the CPU is full, and the slow log has who takes it. */
export function slowLogDraft(view: View): readonly FindingDraft[] {
  const slow = slowStatement(view);
  const query = statementText(slow?.query ?? null);
  if (slow === null || query === null || slow.percent < mostPercent) return [];
  if ((cpuPressure(view)?.severity ?? "P3") === "P3" || (ioPressure(view)?.severity ?? "P3") !== "P3")
    return [];
  const { calls, of, sessions, secondsEach, examinedEach, sentEach, user } = slow;
  const isPostgres = view.evidence.target.engine === "postgres";
  const rows = isPostgres
    ? " (waits included)"
    : ` and looks at ${grouped(Math.round(examinedEach))} rows to send ${rounded(sentEach)}${lackText(slow)}`;
  return [
    {
      subject: slowLog,
      severity: "P2",
      confidence: fromOutside(view, 0.7),
      summary: `One statement makes ${percentText(slow.percent)} of the time in ${isPostgres ? "the log's durations" : "the slow log"}, ${rounded(sessions)} sessions at a time${user === null ? "" : ` (user ${user})`}: ${query}; each call takes ${duration(secondsEach)}${rows}`,
      evidence: [
        {
          source: slowLog,
          says: `${calls} of the ${of} calls of the last minutes; how it is planned could not be seen`,
        },
        {
          source: "engine",
          says: "what would change it: an index that fits its condition, fewer rows, or taking back the release that brought it",
        },
      ],
      explains: [
        { cause: "cpu-saturated", because: "one statement takes it" },
        { cause: "connections-near-limit", because: "who runs long keeps its connection" },
      ],
      actions: [],
    },
  ];
}

function lackText({ query, examinedEach, sentEach }: SlowStatement): string {
  const scans = examinedEach >= manyEach && examinedEach >= manyForOne * Math.max(1, sentEach);
  return scans && !aggregates.test(query) ? ": most likely no index fits its condition" : "";
}
