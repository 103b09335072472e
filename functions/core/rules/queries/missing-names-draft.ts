import {
  isSaid,
  type LogHits,
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
 * Not what agents ask of the server's own catalogs and extensions, for months.
 */
export const noSuchName: LogWords = {
  levels: ["ERROR"],
  says: /^((?:column|relation|function|type) (?!"?(?:pg_|information_schema|datadog\.)).{1,120}? does not exist)/,
};
/** A monitor that asks for what an older server lacks does so a few times a minute, for years. */
const aMinute = 30;
/** And from a connection or two: an agent asks so for a function of its own. */
const fewestSessions = 3;
/** Fewer of them are no share of all errors. */
const fewest = 5;
/** What ended longer ago is not told as if it went on; a log comes late by a minute. */
const lateSeconds = 90;
/** A moment's errors are no rate. */
const lastingSeconds = 60;

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
  if (goesOnWithout(view, hits)) return null;
  const of = records.filter(({ client }) => client?.database === database);
  if (sessionsOf(of) < fewestSessions) return null;
  const counted = hits.spanSeconds >= lastingSeconds ? perMinute(hits) : 0;
  const rate = Math.max(counted, countedRate(view, database), ratesOfFiles(view, database));
  if (rate < aMinute) return null;
  const all = errorsOf(view, database).length;
  const source = "error log";
  const statement = legibleStatement(of, most.text);
  return {
    subject: database,
    severity: "P2",
    confidence: 0.7,
    summary: `Statements in ${database} fail for a name that is not there, some ${Math.round(rate)} a minute by its log: ${shown(of, most.text)}`,
    evidence: [
      ...hits.caught.slice(0, 3).map(({ text, count }) => ({
        source,
        says: `${shown(of, text)}: ${count} of the ${plural(all, "error")} of this database that were kept of its log`,
      })),
      ...(statement === null ? [] : [{ source, says: `asked by ${statement}` }]),
      {
        source,
        says: "what mends it: the migration that makes it, or taking back the release that asks for it; a value in double quotes is a name to PostgreSQL, and belongs in single ones; a relation or function may also be there and outside of the search_path; there is no session to end",
      },
    ],
    explains: [],
    actions: [],
  };
}

/** The log has gone on for so long: a release that took a moment. */
const quietSeconds = 60;

function goesOnWithout({ evidence }: View, { times }: LogHits): boolean {
  const untils = (evidence.context?.logs ?? []).map(({ read }) => Date.parse(read?.until ?? "") / 1000);
  const newest = Math.max(...untils.filter((until) => !Number.isNaN(until)));
  return newest - (times.at(-1) ?? newest) >= quietSeconds;
}

function errorsOf({ evidence }: View, database: string): readonly LogRecord[] {
  return recentLogRecords(evidence).filter(
    ({ level, client }) => level === "ERROR" && client?.database === database,
  );
}

/** By all that was read: of a storm a few lines are kept. A moment's worth of lines is no rate. */
function countedRate({ evidence }: View, database: string): number {
  const now = Date.parse(evidence.collectedAt) / 1000;
  return (evidence.context?.logs ?? [])
    .flatMap(({ read }) => read?.kinds ?? [])
    .filter(
      (kind) =>
        kind.database === database &&
        noSuchName.says.test(kind.text) &&
        noSuchName.levels.includes(kind.level) &&
        kind.sessions >= fewestSessions &&
        now - kind.until <= lateSeconds,
    )
    .map(({ count, since, until }) =>
      until - since < lastingSeconds / 2 ? 0 : count / Math.max(1, (until - since) / 60),
    )
    .reduce((sum, rate) => sum + rate, 0);
}

/**
 * Of older evidence, whose kinds nobody counted: by the number of all errors that were read, and the part of these among
 * those of which none is left out.
 */
function ratesOfFiles(view: View, database: string): number {
  const now = Date.parse(view.evidence.collectedAt);
  const errors = errorsOf(view, database);
  const rates = (view.evidence.context?.logs ?? []).flatMap(({ file, wholeSince, read }) => {
    const until = read?.until ?? null;
    if (wholeSince === undefined || read === undefined || read.kinds !== undefined || until === null)
      return [];
    if (read.seconds < lastingSeconds / 2 || (now - Date.parse(until)) / 1000 > lateSeconds) return [];
    const from = wholeSince === null ? 0 : Date.parse(wholeSince) / 1000;
    const whole = errors.filter((record) => record.file === file && record.at >= from);
    const such = whole.filter((record) => isSaid(record, noSuchName));
    if (such.length < fewest || sessionsOf(such) < fewestSessions) return [];
    const count = read.errors.find((one) => one.database === database)?.count ?? 0;
    return [((such.length / whole.length) * count) / Math.max(1, read.seconds / 60)];
  });
  return Math.max(0, ...rates);
}

function sessionsOf(records: readonly LogRecord[]): number {
  return new Set(records.map(({ process }) => process)).size;
}

function statementOf(records: readonly LogRecord[], says: string): string | null {
  const of = records.findLast(({ text }) => text.startsWith(says));
  return of?.details.find(({ level }) => level === "STATEMENT")?.text ?? null;
}

/** A column alone in double quotes may be a value that somebody wrote so: it is a name where the statement has it bare. */
function shown(records: readonly LogRecord[], says: string): string {
  const name = /^column "([^"]*)" does/.exec(says)?.[1];
  if (name === undefined) return says;
  const bare = withoutQuoted(statementOf(records, says) ?? "").match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  return bare.some((word) => word.toLowerCase() === name.toLowerCase()) ? says : 'column "?" does not exist';
}

/** A name beside a dot, or where only a table can stand, is no value; behind FROM of a function or DISTINCT one may. */
const surelyName = /"[^"]*"(?=\s*\.)|(?<=\.\s*)"[^"]*"|(?<=\b(?:join|into|update)\s+)"[^"]*"/gi;

/** Null where a token in double quotes may be a value. */
function legibleStatement(records: readonly LogRecord[], says: string): string | null {
  const statement = statementOf(records, says);
  const mayHoldValues = statement === null || statement.replace(surelyName, "").includes('"');
  return mayHoldValues ? null : statementText(statement);
}

function withoutQuoted(statement: string): string {
  return statement.replace(/"[^"]*"/g, " ");
}
