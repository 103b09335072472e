import { deadlockLine, deadlockPlaces } from "../../facts/deadlock-places.ts";
import { latestMetric } from "../../facts/latest-metric.ts";
import { perMinute, recentLogHits } from "../../facts/log-lines.ts";
import type { View } from "../../facts/view.ts";
import { type LastDeadlockRow, mysqlLastDeadlockRows } from "../../probes/mysql/last-deadlock-rows.ts";
import { postgresDatabaseRatesRows } from "../../probes/postgres/database-rates-rows.ts";
import { duration, list, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const deadlocks = defineRule({
  id: "deadlocks",
  spec: ["D4"],
  category: "locks",
  title: "Transactions lock each other in opposite order, and the engine rolls one of them back",
  needs: ["postgres-database-rates", "mysql-last-deadlock", "Deadlocks"],
  evaluate: (view) => {
    const sights = sightsOf(view).toSorted(
      (a, b) => b.perMinute - a.perMinute || b.confidence - a.confidence || (a.source < b.source ? -1 : 1),
    );
    const [first] = sights;
    return first === undefined ? [] : [draftOf(view, first, sights)];
  },
});

/** One observer's count of what happens now. */
interface Sight {
  readonly source: string;
  readonly perMinute: number;
  readonly says: string;
  readonly confidence: number;
}

const transactionsShown = 2;
/** SPEC T: connection errors 5/min; each deadlock is an error that some user sees. */
const alarmingPerMinute = 5;

function draftOf(view: View, first: Sight, sights: readonly Sight[]): FindingDraft {
  const often = first.perMinute >= alarmingPerMinute;
  const last = view.rows(mysqlLastDeadlockRows)?.[0] ?? null;
  const places = last === null ? deadlockPlaces(view) : null;
  const tables = last?.tables ?? places?.tables ?? [];
  const where = tables.length === 0 ? "" : ` on ${list(tables)}`;
  return {
    subject: "",
    severity: often ? "P2" : "P3",
    confidence: often ? first.confidence : first.confidence / 2,
    summary: `Deadlocks${where}: ${first.says}; each one is a transaction rolled back with an error that its application sees`,
    evidence: [
      ...sights.map(({ source, says }) => ({ source, says })),
      ...(last === null ? (places?.evidence ?? []) : lastText(last)),
      {
        source: "engine",
        says: "the remedy is in the application: lock rows and tables in one order everywhere, keep transactions short, repeat the one that lost; there is no session to end",
      },
    ],
    explains: [],
    actions: [],
  };
}

function sightsOf(view: View): readonly Sight[] {
  return [...fromRates(view), ...fromInnodb(view), ...fromMetric(view), ...fromLogs(view)];
}

/** Databases of one server, between two readings. */
function fromRates(view: View): readonly Sight[] {
  return (view.rows(postgresDatabaseRatesRows) ?? []).flatMap((row) => {
    const count = row.deadlocks ?? 0;
    if (count === 0 || row.intervalSeconds <= 0) return [];
    // One in one second is no rate of sixty a minute: it is one.
    const rate = count === 1 ? 1 : (count / row.intervalSeconds) * 60;
    const { deadlocks: total, statsSeconds } = row.sinceReset;
    const since = statsSeconds === null ? "" : ` within ${duration(statsSeconds)}`;
    return [
      {
        source: "postgres-database-rates",
        perMinute: rate,
        says: `${count} in ${duration(row.intervalSeconds)} in database ${row.database ?? "unknown"}, ${total} in all${since}`,
        confidence: 0.85,
      },
    ];
  });
}

/** InnoDB remembers the last one; how often they come now is what its counter grows by. */
function fromInnodb(view: View): readonly Sight[] {
  const last = view.rows(mysqlLastDeadlockRows)?.[0];
  if (last === undefined || last.ageSeconds === null || last.ageSeconds > 60) return [];
  const { deadlocksSinceStart: total, uptimeSeconds, now } = last;
  const nowText =
    now == null || now.deadlocks === 0 ? "" : `, ${now.deadlocks} in ${duration(now.intervalSeconds)}`;
  const totalText = total === null ? "" : `, ${total} in the ${duration(uptimeSeconds)} since the start`;
  return [
    {
      source: "mysql-last-deadlock",
      perMinute: Math.max(1, innodbPerMinute(last)),
      says: `the last one ${duration(last.ageSeconds)} ago${nowText}${totalText}`,
      confidence: 0.8,
    },
  ];
}

/** A total is a rate only while the server is young; old evidence has nothing else. */
const youngSeconds = 600;

function innodbPerMinute({ deadlocksSinceStart: total, uptimeSeconds, now }: LastDeadlockRow): number {
  const average = total === null ? 0 : (total / Math.max(60, uptimeSeconds)) * 60;
  const isRate = now === undefined || uptimeSeconds <= youngSeconds;
  // One in one second is no rate of sixty a minute: it is one.
  const sampled = now == null || now.deadlocks <= 1 ? 0 : (now.deadlocks / now.intervalSeconds) * 60;
  return Math.max(sampled, isRate ? average : 0);
}

/** Aurora alone publishes it, per second. */
function fromMetric({ evidence }: View): readonly Sight[] {
  const latest = latestMetric(evidence, ["Deadlocks"]);
  if (latest === null || latest.value <= 0) return [];
  const perMinuteNow = latest.value * 60;
  return [
    {
      source: "Deadlocks",
      perMinute: perMinuteNow,
      says: `CloudWatch counts ${Math.round(perMinuteNow * 10) / 10} per minute`,
      confidence: 0.8,
    },
  ];
}

function fromLogs({ evidence }: View): readonly Sight[] {
  const hits = recentLogHits(evidence, deadlockLine);
  if (hits === null) return [];
  return [
    {
      source: "error log",
      perMinute: perMinute(hits),
      says: `${plural(hits.count, "deadlock")} in the log within ${duration(Math.max(60, hits.spanSeconds))}, the last ${duration(hits.newestAgeSeconds)} ago`,
      confidence: 0.75,
    },
  ];
}

/** Who lost first: it is the one that has to be repeated. Of a text that ends early it is not known who did. */
function lastText({ transactions, incomplete }: LastDeadlockRow): FindingDraft["evidence"] {
  const source = "mysql-last-deadlock";
  const known = transactions.some(({ rolledBack }) => rolledBack);
  const lostFirst = transactions.toSorted((a, b) => Number(b.rolledBack) - Number(a.rolledBack));
  const more = transactions.length - transactionsShown;
  return [
    ...lostFirst.slice(0, transactionsShown).map(({ number, user, query, rolledBack, rowsModified }) => {
      const lost = `was rolled back with ${plural(rowsModified, "changed row")}`;
      const fate = rolledBack ? lost : known ? "won" : "took part";
      const text = statementText(query) ?? "statement not known";
      return { source, says: `transaction ${number} of user ${user ?? "unknown"} ${fate}: ${text}` };
    }),
    ...(more > 0 ? [{ source, says: `${plural(more, "more transaction")} took part` }] : []),
    ...(known || transactions.length === 0
      ? []
      : [
          {
            source,
            says: `who was rolled back could not be seen: ${incomplete ? "the server's text ends early" : "it is none of those that could be read"}`,
          },
        ]),
  ];
}
