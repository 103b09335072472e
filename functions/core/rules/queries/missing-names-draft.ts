import {
  isSaid,
  type LogRecord,
  type LogWords,
  perMinute,
  recentLogHits,
  recentLogRecords,
} from "../../facts/log-lines.ts";
import type { View } from "../../facts/view.ts";
import { compare } from "../../text/compare.ts";
import { plural, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/**
 * Of a name that the database does not have each statement fails, every time: no rollback on purpose and no ordinary
 * conflict is worded so. A migration that has not run, or a release that came before it, whatever its share of all work.
 */
export const noSuchName: LogWords = {
  levels: ["ERROR"],
  says: /^((?:column|relation|function|type) .{1,120}? does not exist)/,
};
/** A monitor that asks for what an older server lacks does so a few times a minute, for years. */
const aMinute = 30;
const lateSeconds = 300;

/** By the log alone, and so also where nobody got in; a database that is told of for its rollbacks is left out. */
export function missingNamesDrafts(view: View, told: readonly FindingDraft[]): readonly FindingDraft[] {
  const records = recentLogRecords(view.evidence).filter((record) => isSaid(record, noSuchName));
  const databases = new Set(records.flatMap(({ client }) => client?.database ?? []));
  return [...databases]
    .filter((database) => !told.some(({ subject, severity }) => subject === database && severity !== "P3"))
    .toSorted(compare)
    .flatMap((database) => draftOf(view, database, records) ?? []);
}

function draftOf(view: View, database: string, records: readonly LogRecord[]): FindingDraft | null {
  const hits = recentLogHits(view.evidence, { ...noSuchName, database });
  const [most] = hits?.caught ?? [];
  if (hits === null || most === undefined || hits.newestAgeSeconds > lateSeconds) return null;
  const all = recentLogRecords(view.evidence).filter(
    ({ level, client }) => level === "ERROR" && client?.database === database,
  ).length;
  const rate = Math.max(perMinute(hits), (hits.count / all) * errorsAMinute(view, database));
  if (rate < aMinute) return null;
  const source = "error log";
  const statement = statementOf(records, most.text);
  return {
    subject: database,
    severity: "P2",
    confidence: 0.7,
    summary: `Statements in ${database} fail for a name that is not there, some ${Math.round(rate)} a minute by its log: ${most.text}`,
    evidence: [
      ...hits.caught.slice(0, 3).map(({ text, count }) => ({
        source,
        says: `${text}: ${count} of the ${plural(all, "error")} of this database that were kept of its log`,
      })),
      ...(statement === null ? [] : [{ source, says: `asked by ${statement}` }]),
      {
        source,
        says: "what mends it: the migration that makes it, or taking back the release that asks for it; a relation or function may also be there and outside of the search_path; there is no session to end",
      },
    ],
    explains: [],
    actions: [],
  };
}

/** By all that was read of the log, of which few lines are kept. A moment's worth of lines is no rate. */
function errorsAMinute({ evidence }: View, database: string): number {
  return Math.max(
    0,
    ...(evidence.context?.logs ?? []).flatMap(({ kind, read }) => {
      const until = read?.until ?? null;
      if (kind !== "error" || read === undefined || until === null) return [];
      const age = (Date.parse(evidence.collectedAt) - Date.parse(until)) / 1000;
      if (age > lateSeconds) return [];
      const count = read.errors.find((one) => one.database === database)?.count ?? 0;
      return [count / Math.max(1, read.seconds / 60)];
    }),
  );
}

function statementOf(records: readonly LogRecord[], says: string): string | null {
  const of = records.findLast(({ text }) => text.startsWith(says));
  return statementText(of?.details.find(({ level }) => level === "STATEMENT")?.text ?? null);
}
