import type { Engine } from "../../contract/target.ts";
import { explainsErrors } from "../../facts/cut-off.ts";
import { type IndexNeed, postgresNeeds } from "../../facts/index-need.ts";
import { explainsScanLocks, lockingScanHarm } from "../../facts/locking-scans.ts";
import { mysqlNeeds } from "../../facts/mysql-index-need.ts";
import { asRead } from "../../facts/reads-whole.ts";
import { bearerOf } from "../../facts/routine-calls.ts";
import { explainsDeadRows } from "../../facts/scanned-dead-rows.ts";
import { sessionsRunning } from "../../facts/sessions-running.ts";
import { type Statement, statementProbes } from "../../facts/statements.ts";
import { explainsLoad, paceText, strainOf } from "../../facts/strain.ts";
import { uncountedText } from "../../facts/uncounted-statements.ts";
import type { View } from "../../facts/view.ts";
import { createIndex } from "../../remedies/query-remedies.ts";
import { duration, list, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { oneOfAlike } from "./alike-indexes-draft.ts";
import { loggedScan } from "./logged-scan-draft.ts";
import { memberScans } from "./member-scan-draft.ts";

export const missingIndex = defineRule({
  id: "missing-index",
  spec: ["D4"],
  category: "queries",
  title: "Statements read a large table whole because an index is missing",
  needs: ["postgres-plans", "mysql-plans", "mariadb-plans", ...statementProbes, "slow log"],
  evaluate: (view) => {
    const needs = [...postgresNeeds(view).map((need) => asRead(view, need)), ...mysqlNeeds(view)];
    const missed = needs.flatMap((need) => {
      const draft = draftOf(view, need);
      return draft === null ? [] : [{ need, draft }];
    });
    const inside = [...missed.map((one) => oneOfAlike(one, missed)), ...memberScans(view)];
    return view.sessions === null ? [...inside, ...loggedScan(view)] : inside;
  },
});

/** A statement that ran less often may be a report: its index would cost more than it saves. */
const oftenEnough = 10;

function draftOf(view: View, need: IndexNeed): FindingDraft | null {
  const [first] = need.wantedBy;
  if (first === undefined) return null;
  const hurts = harmOf(view, need.wantedBy);
  const calls = need.wantedBy.reduce((sum, { total }) => sum + total.calls, 0);
  const slow = need.wantedBy.some(({ total }) => total.meanSeconds >= 0.01);
  if (hurts === null && (first.running !== undefined || calls < oftenEnough || !slow)) return null;
  const where = `${need.table} (${need.columns.join(", ")})`;
  return {
    subject: where,
    severity: hurts === null ? "P3" : "P2",
    nature: hurts === null ? "chronic" : "acute",
    confidence: confidenceOf(need, hurts !== null),
    summary: `${lackOf(need)}: ${plural(need.wantedBy.length, "statement reads", "statements read")} ${readsText(need)} for a few rows (${hurts === null ? totalsText(first) : nowText(first)}); ${hurts ?? "nothing suffers from it now"}`,
    evidence: [
      ...need.why.map((says) => ({ source: need.source, says })),
      ...costText(view.evidence, need),
      ...need.wantedBy.slice(0, 3).flatMap(statementEvidence),
    ],
    explains: [...(hurts === null ? [] : explainsDeadRows(view, need.table)), ...explainedOf(view, need)],
    actions: [createIndex(view, need)],
  };
}

function explainedOf(view: View, need: IndexNeed): FindingDraft["explains"] {
  // What calls a function takes the time of what runs inside.
  const bearers = need.wantedBy.flatMap((statement) => bearerOf(view, statement) ?? []);
  return [...need.wantedBy, ...bearers].flatMap((statement) => [
    ...explainsLoad(
      view,
      statement,
      ["cpu-saturated", "io-saturated", "cache-too-small", "instance-undersized"],
      `each call reads ${need.narrows === undefined ? "the whole" : "much"} of ${need.table}`,
    ),
    // Where whole tables are sorted or joined for want of an index, the index ends the spilling too.
    ...spills(statement, need),
    ...explainsErrors(view, statement),
    ...explainsScanLocks(view, statement, need.table),
    ...["plan-regression" as const, "query-regression" as const].map((cause) => ({
      cause,
      subject: statement.key,
      because: `it reads ${readsText(need)}`,
    })),
  ]);
}

function readsText({ narrows }: IndexNeed): string {
  return narrows === undefined ? "the whole table" : `all that index ${narrows} leaves`;
}

/** What nobody may use is as good as missing, and quicker to have back. */
function lackOf({ table, columns, unusable, where }: IndexNeed): string {
  if (unusable === undefined)
    return `No index on ${table} (${columns.join(", ")})${where === undefined ? "" : ` where ${where}`}`;
  const { index, because } = unusable;
  const why = because === "invalid" ? "left so by a build that failed" : "somebody has hidden it";
  return `Index ${index} of ${table} (${columns.join(", ")}) is ${because}, ${why}`;
}

/** From statistics, or from a call that has not ended yet and so is not in them. */
function harmOf(view: View, statements: readonly Statement[]): string | null {
  for (const statement of statements) {
    const strain = strainOf(view, statement);
    const harm = strain ?? lockingScanHarm(view, statement);
    if (harm !== null) return harm;
  }
  const { slowQuerySeconds, longRunningSeconds } = view.thresholds;
  const slow = statements.find(({ now }) => (now.meanSeconds ?? 0) >= slowQuerySeconds);
  if (slow !== undefined) return `each call takes ${duration(slow.now.meanSeconds)}`;
  const running = statements.flatMap(({ query }) => sessionsRunning(view, query));
  const long = running.filter(({ statementSeconds }) => (statementSeconds ?? 0) >= longRunningSeconds);
  return long.length < 2
    ? null
    : `${long.length} sessions have run it for over ${duration(longRunningSeconds)}`;
}

function nowText(statement: Statement): string {
  return statement.running === undefined ? paceText(statement) : uncountedText(statement);
}

/** Trigrams and expressions serve only who writes the condition just so. */
const isSpecial = ({ columns }: IndexNeed): boolean => columns.some((column) => /[(>]|_ops$/.test(column));

function confidenceOf(need: IndexNeed, hurts: boolean): number {
  if (need.costLeft !== null) return 0.9;
  return (hurts ? 0.7 : 0.5) - (isSpecial(need) ? 0.1 : 0);
}

function totalsText({ total }: Statement): string {
  return `${plural(total.calls, "call")} of ${duration(total.meanSeconds)} since statistics began`;
}

function costText({ target }: View["evidence"], need: IndexNeed): FindingDraft["evidence"] {
  const { costLeft, source } = need;
  if (need.unusable !== undefined) return [];
  if (costLeft === null) return [{ source, says: `not tried: ${notTried[target.engine](need)}` }];
  const left = Math.max(0.1, Math.round(costLeft * 1000) / 10);
  return [
    { source: "postgres-plans", says: `with the index its plan would cost ${left} % of what it costs now` },
  ];
}

/** Without a hypothetical index the plan with it is not known: how a person can try it. */
const notTried = {
  postgres: (need) =>
    need.counted
      ? "a plan for any value shows no difference, and how often each value is there tells more than its average; where one rare value is asked for, an index of its rows alone (WHERE …) is smaller (try-index builds it, compares, and drops it where it does not pay)"
      : / USING gin \((?!.*gin_trgm_ops)/.test(need.statement)
        ? "HypoPG knows no such indexes (try-index builds it, compares, and drops it where it does not pay); each write maintains an entry for every member of its value"
        : need.statement.includes(" USING gin ")
          ? "HypoPG knows no such indexes; patterns of fewer than three letters are not served"
          : need.statement.includes("_pattern_ops)")
            ? "LIKE finds no prefix in an index that sorts by a collation; this one serves patterns that begin with letters ('abc%'), those that begin with % want a trigram index (pg_trgm)"
            : "HypoPG is not installed in this database, or did not answer (CREATE EXTENSION hypopg)",
  mysql: () =>
    "built INVISIBLE (8.0), it is planned with by one session alone: SET SESSION optimizer_switch = 'use_invisible_indexes=on', then EXPLAIN",
  mariadb: () =>
    "MariaDB has no hypothetical index; see with SHOW INDEX that none such is there and IGNORED, and try it on a copy of the table, with EXPLAIN",
} satisfies Record<Engine, (need: IndexNeed) => string>;

function statementEvidence(statement: Statement): FindingDraft["evidence"] {
  const text = statementText(statement.query);
  return text === null ? [] : [{ source: statement.source, says: `statement: ${text}` }];
}

function spills(statement: Statement, { table, columns }: IndexNeed): FindingDraft["explains"] {
  const because = `an index on ${table} (${list(columns)}) would leave little to sort`;
  return [{ cause: "spilling-query", subject: statement.key, because }];
}
