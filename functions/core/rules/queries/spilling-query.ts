import { ioPressure } from "../../facts/io-pressure.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import { groupedByClient } from "../../facts/same-client.ts";
import { sessionsRunning } from "../../facts/sessions-running.ts";
import { spendingOf, temporaryFiles, unplannedBecause, viewBehind } from "../../facts/statement-cost.ts";
import { rounded, type Statement, statementProbes, statementsOf } from "../../facts/statements.ts";
import { explainsLoad, overload, paceText, strainOf } from "../../facts/strain.ts";
import { plansOf } from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import { postgresDatabaseRatesRows } from "../../probes/postgres/database-rates-rows.ts";
import { spillRemedies } from "../../remedies/spill-remedies.ts";
import { collectingAggregate } from "../../text/collecting-aggregate.ts";
import { statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { outsideSpill } from "./outside-spill-draft.ts";
import { runningSpillDrafts } from "./running-spill-draft.ts";

export const spillingQuery = defineRule({
  id: "spilling-query",
  spec: ["D4"],
  category: "queries",
  title: "A statement sorts or joins on disk because its memory does not suffice",
  needs: [...statementProbes, "postgres-plans", "mysql-innodb-rates", "postgres-temp-files"],
  evaluate: (view) => {
    const statements = statementsOf(view);
    const ended =
      statements === null
        ? unknownSpill(view)
        : statements.flatMap((statement) => draftOf(view, statement) ?? []);
    return [...ended, ...runningSpillDrafts(view), ...(statements === null ? outsideSpill(view) : [])];
  },
});

/** Less than this is written away in no time, and the kernel's cache takes it. */
const noticeableBytes = 1024 * 1024;
/** MySQL counts temporary tables on disk and merges of what was sorted there, not their size. */
const noticeableEvents = 1;
/** Of a whole database: a report now and then writes less, and two readings may lie about its end. */
const muchOfAll = 32 * noticeableBytes;
/** Fewer are noticeable when every call of a statement that is nearly always running makes one. */
const mostOfTheTime = 0.5;

function draftOf(view: View, statement: Statement): FindingDraft | null {
  const spill = spillOf(statement);
  if (spill === null) return null;
  // It spills since it is run again for each row: that is told as the cause.
  const again = spendingOf(view, statement)?.reruns ?? null;
  const strain = again === null ? strainOf(view, statement) : null;
  const text = statementText(statement.query);
  const behind = viewBehind(unplannedBecause(view, statement));
  const plans = plansOf(view)
    .filter(({ queryId, user }) => queryId === statement.id && user === statement.user)
    .flatMap(({ problems }) => problems.filter(({ kind }) => kind === "sort-spill" || kind === "hash-spill"));
  const collects = plans.some(({ kind, detail }) => kind === "hash-spill" && /^an? Aggregate /.test(detail))
    ? collectingAggregate(statement.query)
    : null;
  return {
    subject: statement.key,
    severity: strain === null ? "P3" : "P2",
    confidence: plans.length > 0 ? 0.85 : 0.75,
    summary: `A statement spills to disk: ${spill} (${paceText(statement)}); ${strain ?? (again === null ? "nothing suffers from it now" : `an effect of a subquery that is run again for each row, testing ${again}`)}`,
    evidence: [
      ...(text === null ? [] : [{ source: statement.source, says: `statement: ${text}` }]),
      ...(behind === null ? [] : [{ source: statement.source, says: behind }]),
      ...plans.map(({ detail }) => ({ source: "postgres-plans", says: detail })),
      ...collectingText(collects, statement.source),
      ...serverSpill(view),
    ],
    explains:
      again !== null || (strain === null && overload(view) === null)
        ? []
        : explainsLoad(
            view,
            statement,
            [
              "io-saturated",
              "cpu-saturated",
              "storage-low",
              "burst-balance-exhausted",
              "instance-undersized",
            ],
            `it writes and reads ${spill}`,
          ).filter(({ cause }) => cause !== "long-running-query" || !runsInCopies(view, statement)),
    // More memory that is not proved to end it is everybody's memory for nothing.
    actions: again === null && collects === null ? spillRemedies(view, statement) : [],
  };
}

/** That one is slow may be by its spilling; that one client runs many at once is not: less than one a second is no proof. */
const manyCopies = 3;

function runsInCopies(view: View, { query, now }: Statement): boolean {
  const tables = Math.max(now.diskTablesPerSecond ?? 0, now.mergePassesPerSecond ?? 0);
  if (now.tempBytesPerSecond !== null || tables >= noticeableEvents) return false;
  const [copies = []] = groupedByClient(sessionsRunning(view, query), () => false);
  return copies.length >= manyCopies;
}

function collectingText(collects: string | null, source: string): FindingDraft["evidence"] {
  if (collects === null) return [];
  const says = `${collects} collects values for each group, for which the server reckons with 8 kB whatever they are: more work_mem ends the spilling only where all groups at 8 kB each fit; what would change it: fewer rows or groups, or a kept result`;
  return [{ source, says }];
}

/** Of the whole server, by its counters; empty where nothing is counted or next to nothing goes to disk. */
function serverSpill(view: View) {
  const rates = view.rows(mysqlInnodbRatesRows)?.[0];
  const perSecond = rates?.tmpDiskTablesPerSecond ?? 0;
  if (rates === undefined || perSecond < noticeableEvents) return [];
  const share =
    rates.tmpDiskPercent === null ? "" : `, ${Math.round(rates.tmpDiskPercent)} % of all temporary tables`;
  const says = `${rounded(perSecond)} temporary tables a second go to disk${share}`;
  return [{ source: mysqlInnodbRatesRows.id, says }];
}

/** PostgreSQL's, by database: they count a file when it is closed, as its statement ends. */
function databaseSpill(view: View) {
  return (view.rows(postgresDatabaseRatesRows) ?? [])
    .filter(({ tempBytesPerSecond }) => (tempBytesPerSecond ?? 0) >= muchOfAll)
    .map(({ database, tempBytesPerSecond }) => ({
      source: postgresDatabaseRatesRows.id,
      says: `${bytesText(tempBytesPerSecond ?? 0)} of temporary files a second in database ${database ?? "?"}`,
    }));
}

/** Without statistics of statements the server's counters tell that some spill, not which. */
function unknownSpill(view: View): readonly FindingDraft[] {
  const [line] = [...serverSpill(view), ...databaseSpill(view)];
  if (line === undefined) return [];
  const io = ioPressure(view);
  const slow = fillsTheVolume(view) && io !== null && io.severity !== "P3";
  return [
    {
      subject: "server",
      severity: slow ? "P2" : "P3",
      confidence: 0.5,
      summary: `Statements spill to disk: ${line.says}; which ones could not be seen`,
      evidence: [line],
      explains: slow
        ? [{ cause: "io-saturated", because: "their temporary files are written and read" }]
        : [],
      actions: [],
    },
  ];
}

const fewestFiles = 2;

/** At least half of what is written are temporary files, more than one that happened to end just now. */
function fillsTheVolume(view: View): boolean {
  const rows = view.rows(postgresDatabaseRatesRows) ?? [];
  const bytes = rows.reduce((sum, row) => sum + (row.tempBytesPerSecond ?? 0), 0);
  const files = rows.reduce((sum, row) => sum + (row.tempFilesPerSecond ?? 0) * row.intervalSeconds, 0);
  const written = metricFact(view, "WriteThroughput");
  return written !== null && files >= fewestFiles && 2 * bytes >= written.latest;
}

/** How much it spills now; null when that is nothing worth telling. What it spilled last week hurts nobody. */
function spillOf({ now }: Statement): string | null {
  if ((now.tempBytesPerSecond ?? 0) >= noticeableBytes) {
    const each = (now.tempBytesPerSecond ?? 0) / Math.max(0.001, now.callsPerSecond);
    return `${temporaryFiles({ now }) ?? ""} of temporary files, ${bytesText(each)} ${(now.tempReadBytesPerSecond ?? 0) > 0 ? "written " : ""}a call`;
  }
  const [tables, merges] = [now.diskTablesPerSecond ?? 0, now.mergePassesPerSecond ?? 0];
  const often = (rate: number): boolean =>
    rate >= noticeableEvents ||
    (rate > 0 && rate >= now.callsPerSecond && now.averageSessions >= mostOfTheTime);
  const parts = [
    often(tables) ? `${rounded(tables)} temporary tables on disk a second` : null,
    often(merges) ? `${rounded(merges)} merge passes of sorts on disk a second` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(", ");
}
