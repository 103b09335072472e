import { topSpiller } from "../../facts/insights.ts";
import { keepsFilesApart } from "../../facts/local-storage.ts";
import { isSaid, type LogHits, type LogWords, logRecords, recentLogHits } from "../../facts/log-lines.ts";
import { spilledOfLate, spilledText } from "../../facts/logged-work.ts";
import { type MetricFact, metricFact } from "../../facts/metric-facts.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import { fallPerSecond } from "../../facts/storage-space.ts";
import type { View } from "../../facts/view.ts";
import { postgresTempFilesRows } from "../../probes/postgres/temp-files-rows.ts";
import { freeTemporaryFiles } from "../../remedies/temporary-space-remedies.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** So little on average of a minute: who took it has not given it back, and everybody's sorts fail. */
const scarceBytes = 1024 ** 3;

/** Of temporary files alone, by their folder; versions before 13 name no file. */
export const noRoomForFiles: LogWords = {
  levels: ["ERROR", "FATAL"],
  says: /^could not (?:write|extend|create)\b.*(?:\bpgsql_tmp|\btemporary file\b).*: No space left on device/,
};

/**
 * PostgreSQL's own word that temporary files found no room. What failed gives its files back at once, so that the
 * averages of FreeLocalStorage hardly ever show the bottom. Where they share the volume with the tables, the finding on
 * that volume tells it.
 */
export function temporaryFilesDraft(view: View): readonly FindingDraft[] {
  if (view.evidence.target.engine !== "postgres" || !keepsFilesApart(view)) return [];
  const logged = recentLogHits(view.evidence, noRoomForFiles);
  if (logged === null) return [];
  const free = metricFact(view, "FreeLocalStorage");
  const taker = takerOf(view);
  return [
    {
      subject: "",
      severity: free !== null && freeByNow(view, free) < scarceBytes ? "P1" : "P2",
      confidence: 0.9,
      summary: `Temporary files find no room on the instance's own storage${free === null ? "" : ` (${freeText(free)})`}; statements fail for it, as the error log says in ${linesText(view, logged)}${taker === null ? "" : `; who takes most of it: ${taker}`}`,
      evidence: [{ source: "error log", says: logged.newest }],
      explains: [
        { cause: "storage-low", subject: "local", because: "temporary files have taken it" },
        { cause: "error-storm", because: "statements that need temporary files fail" },
        { cause: "spilling-query", subject: "insights", because: "who takes most of it is told with it" },
      ],
      actions: freeTemporaryFiles(),
    },
  ];
}

/** What failed has given its files back: the newest minute may show as much as ever. */
const halved = 0.5;

function freeText({ latest, points }: MetricFact): string {
  const [low] = points.toSorted((a, b) => a.value - b.value);
  return low === undefined || low.value > halved * latest
    ? `${bytesText(latest)} free on average of the last minute seen`
    : `down to ${bytesText(low.value)} free at ${low.at.slice(11, 16)} UTC, ${bytesText(latest)} in the last minute seen`;
}

/** One that is tried again by the hour fails once in what counts as now, and as often as the log was kept. */
function linesText({ evidence }: View, { count, newestAgeSeconds }: LogHits): string {
  const now = Date.parse(evidence.collectedAt) / 1000;
  const ages = logRecords(evidence)
    .filter((record) => isSaid(record, noRoomForFiles))
    .map(({ at }) => now - at);
  return ages.length <= count
    ? `${plural(count, "line")} of 15 min`
    : `${plural(ages.length, "line")}, the first ${duration(Math.max(...ages))} ago and the last ${duration(newestAgeSeconds)} ago`;
}

/** The newest point is of a minute or two ago: at the pace at which it falls. */
function freeByNow({ evidence }: View, free: MetricFact): number {
  const since = (Date.parse(evidence.collectedAt) - Date.parse(free.at)) / 1000;
  return free.latest - Math.max(0, since) * (fallPerSecond(free) ?? 0);
}

function loggedTaker(view: View): string | null {
  const spilled = spilledOfLate(view);
  return spilled === null ? null : spilledText(spilled);
}

/** From inside whose files are largest now; from outside who waits most for them, else what the log says of those removed. */
function takerOf(view: View): string | null {
  const [largest] = (view.rows(postgresTempFilesRows) ?? []).toSorted((a, b) => b.bytes - a.bytes);
  if (largest === undefined) return topSpiller(view)?.statement ?? loggedTaker(view);
  const text = statementText(largest.query);
  return `pid ${largest.pid} with ${bytesText(largest.bytes)}${text === null ? "" : `, ${text}`}`;
}
