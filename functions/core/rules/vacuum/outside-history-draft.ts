import { loadShares } from "../../facts/insights.ts";
import { baselineText, isAlarming, lastingFor, metricFact, usualHigh } from "../../facts/metric-facts.ts";
import { oldestTransactionOutside } from "../../facts/oldest-transaction-outside.ts";
import { climbOf } from "../../facts/outside-load.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { withoutLeadingComments } from "../../text/statement-parts.ts";
import { duration, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** As inside: from here on reads suffer if it has come to stay, and whatever its cause. */
const harmful = 100_000;
const alarming = 1_000_000;
/** Of a list that was long before, an hour like any other. */
const manyTimes = 1.5;

/** Aurora MySQL publishes the length of the history list; who holds it back only a look inside tells. */
export function historyFromOutside(view: View): readonly FindingDraft[] {
  const fact = metricFact(view, "RollbackSegmentHistoryListLength");
  const minutes = lastingFor(view, fact, (value) => value >= harmful);
  if (fact === null || minutes === null) return [];
  const usual = usualHigh(fact);
  if (usual !== null && fact.latest < manyTimes * usual) return [];
  const first = fact.points[0] ?? { at: fact.at, value: fact.latest };
  const seconds = (Date.parse(fact.at) - Date.parse(first.at)) / 1000;
  const grown = fact.latest - first.value;
  const suffers = grown > 0 || fact.latest >= alarming || isAlarming(view, fact.id);
  // A leap of a moment ago is no pace.
  const perSecond = climbOf(fact) === null || seconds <= 0 ? null : grown / seconds;
  const pace = perSecond === null ? "" : `, ${count(60 * perSecond)} more a minute`;
  const open = openText(
    view,
    grown < 0 ? Number.POSITIVE_INFINITY : 60 * minutes,
    perSecond === null ? null : (fact.latest - (usual ?? 0)) / perSecond,
  );
  return [
    {
      subject: "",
      severity: suffers ? "P2" : "P3",
      confidence: fromOutside(view, 0.75),
      summary: `${count(fact.latest)} committed transactions left old row versions that wait to be purged (history list${usual === null ? "" : `, ${count(usual)} as a rule`}${pace}): ${open} most likely still needs them; whose it is could not be seen${suspectText(view)}`,
      evidence: [
        {
          source: fact.id,
          says: `${count(first.value)} to ${count(fact.latest)} in the window${baselineText(fact, count)}`,
        },
        ...slower(view),
        {
          source: "engine",
          says: "who: SELECT trx_mysql_thread_id, trx_started, trx_rows_modified, trx_query FROM information_schema.INNODB_TRX ORDER BY trx_started LIMIT 5, on the writer and on each reader: a long read on an Aurora reader holds purge back, too",
        },
      ],
      explains: suffers
        ? [
            { cause: "cpu-saturated", because: "reads walk long chains of old versions" },
            { cause: "io-saturated", because: "old versions are read and kept in undo" },
            { cause: "storage-low", because: "undo cannot be cut back" },
          ]
        : [],
      actions: [],
    },
  ];
}

/** Where it is open, or by the list's pace since when. */
function openText(view: View, since: number, seconds: number | null): string {
  const oldest = oldestTransactionOutside(view);
  // One that began when the list was long already is not who made it so.
  if (oldest !== null && oldest.seconds >= Math.max(since, (seconds ?? 0) / 2))
    return `a transaction that is open for ${duration(oldest.seconds)} on ${oldest.id} (TransactionAgeMaximum)`;
  return seconds === null
    ? "a transaction or a long read"
    : `a transaction of about ${duration(seconds)} ago`;
}

/** Nothing in it says that it reads less. */
const readsWhole =
  /^\s*select\b(?=[\s\S]*\bfrom\b)(?![\s\S]*(?:\b(?:where|limit|join|dual|for\s+(?:update|share)|lock\s+in)\b|(?:information|performance)_schema))/i;
/** Performance Insights cuts a statement's text at 500 bytes, as DimensionKeyDetail's Dimensions have it. */
const mostBytes = 490;
/** Sessions at a time: it ran for half of the time or longer. */
const mostOfTheTime = 0.5;

/** Whatever reads a whole table for so long has a view of it, as a dump or an export has. */
function suspectText(view: View): string {
  const found = loadShares(view, "statement").find(
    ({ name, load }) =>
      load >= mostOfTheTime &&
      Buffer.byteLength(name) < mostBytes &&
      readsWhole.test(withoutLeadingComments(name)),
  );
  const text = statementText(found?.name ?? null);
  return found === undefined || text === null
    ? ""
    : `, perhaps that of ${text}, which seems to read a whole table (${Math.round(10 * found.load) / 10} of its sessions at a time)`;
}

const statements = ["SelectLatency", "DMLLatency"] as const;
const slowerTimes = 1.5;

/** The latency of statements, where it has risen as well. */
function slower(view: View): FindingDraft["evidence"] {
  return statements.flatMap((id) => {
    const fact = metricFact(view, id);
    const before = fact === null ? null : usualHigh(fact);
    if (fact === null || before === null || fact.latest < slowerTimes * before) return [];
    const says = `${duration(fact.latest)} a statement${baselineText(fact, duration)}`;
    return [{ source: id, says }];
  });
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
