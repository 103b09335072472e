import { mariadbPlansRows, mysqlPlansRows } from "../probes/mysql/plans/rows.ts";
import { postgresPlansRows } from "../probes/postgres/plans/rows.ts";
import { rerunSubquery } from "../text/rerun-subquery.ts";
import { duration } from "../text/wording.ts";
import { metricFact } from "./metric-facts.ts";
import { bytesText } from "./rds-facts.ts";
import { isCall } from "./routine-calls.ts";
import { pagesPerRow, worksItself } from "./statement-works.ts";
import { rounded, rowsPerCallNow, type Statement, statementsOf } from "./statements.ts";
import { busyWith, crowdsCpus, overload, paceText } from "./strain.ts";
import { plansOf } from "./table-facts.ts";
import { uncounted, uncountedResource, uncountedText } from "./uncounted-statements.ts";
import type { View } from "./view.ts";

/** Of all statement time: less is one among many. */
const substantialPercent = 30;
/** Of one session's time; in a database that is idle a share of nothing is nothing. */
const noticeableLoad = 0.25;
/** A quicker call costs much only by being called often, which is how a busy application looks. */
const dearSeconds = 0.05;
/** One that ran less often is a report, and over. */
const oftenEnough = 3;
const most = 3;

/** The statements that cost most just now, dearest first: work of their own, not waiting, and no small share. */
export function costliest(view: View): readonly Statement[] {
  const overloaded = overload(view) !== null;
  return (
    [...(statementsOf(view) ?? []), ...uncounted(view)]
      .map((statement) => asItIsNow(view, statement))
      .filter((one) => {
        const { now, total } = one;
        const costs = overloaded || (now.meanSeconds ?? 0) >= dearSeconds || scansForFew(view, one);
        const often = total.calls >= oftenEnough;
        return (
          costs && often && now.percentOfTime >= substantialPercent && now.averageSessions >= noticeableLoad
        );
      })
      // Several reports that have not ended yet are nobody's fault while there is room for them.
      .filter((one) => one.running === undefined || overloaded || crowdsCpus(view, one))
      .filter((statement) => worksItself(view, statement))
      .toSorted((a, b) => b.now.averageSessions - a.now.averageSessions)
      .slice(0, most)
  );
}

/** Of one session's time, and rows or pages read for each row of a call: quick only while they all lie in memory. */
const busyAlone = 1;
const manyRows = 10_000;
const manyPages = 500;

function scansForFew(view: View, statement: Statement): boolean {
  const { examined, calls, rows } = statement.total;
  if (statement.now.averageSessions < busyAlone) return false;
  if ((examined ?? 0) >= manyRows * Math.max(calls, rows)) return true;
  // A sum is one row of many by its nature: it is too much only where a CPU that nobody saw may be short.
  const mayBeShort = metricFact(view, "CPUUtilization") === null;
  return mayBeShort && pagesPerRow(statement) >= manyPages;
}

/**
 * A call that took longer than the readings are apart did so before the first one, too. When every call does, none may
 * end between them: who runs it then tells.
 */
export function asItIsNow(view: View, statement: Statement): Statement {
  const { now, total } = statement;
  if (now.callsPerSecond === 0) {
    const averageSessions = busyWith(view, statement);
    const active = (view.sessions ?? []).filter(({ state, own }) => state === "active" && !own).length;
    const percentOfTime = active === 0 ? 0 : (100 * averageSessions) / active;
    return { ...statement, now: { ...now, averageSessions, percentOfTime, meanSeconds: total.meanSeconds } };
  }
  const share = Math.min(1, now.seconds / Math.max(now.meanSeconds ?? 0, 0.001));
  return { ...statement, now: { ...now, averageSessions: now.averageSessions * share } };
}

const mb = 1024 * 1024;

/** What goes through temporary files, written and read apart; null where it is little. */
export function temporaryFiles({ now }: Pick<Statement, "now">): string | null {
  const [written, read] = [now.tempBytesPerSecond ?? 0, now.tempReadBytesPerSecond ?? 0];
  if (Math.max(written, read) < mb) return null;
  return read === 0
    ? `${bytesText(written)}/s`
    : `${bytesText(written)}/s written, ${bytesText(read)}/s read`;
}

/** In which resource it costs, with the numbers. */
export function resourceOf(statement: Statement): string {
  const { now, total, query } = statement;
  if (statement.running !== undefined) return uncountedResource(statement);
  if (isCall(query)) return "CPU (what it looks at inside is not counted)";
  const calls = Math.max(0.001, now.callsPerSecond);
  const temporary = temporaryFiles({ now });
  if (temporary !== null) return `temporary files (${temporary})`;
  const tables = Math.max(now.diskTablesPerSecond ?? 0, now.mergePassesPerSecond ?? 0);
  if (tables >= calls) return `temporary space on disk (${rounded(tables / calls)} times a call)`;
  const ioPercent = (100 * (total.ioSeconds ?? 0)) / Math.max(0.001, total.seconds);
  const pages = now.pagesReadPerSecond ?? 0;
  if (ioPercent >= 50 || pages >= 5000) return `I/O (${rounded(pages)} pages read a second)`;
  const rows = rowsPerCallNow({ now }) ?? 0;
  if (rows >= 5000) return `rows handed out (${rounded(rows)} a call)`;
  return now.examinedPerSecond === null
    ? "CPU (it reads from the cache and writes no temporary files)"
    : `CPU (${rounded(now.examinedPerSecond)} rows looked at a second)`;
}

/** How much of the time it takes, and how it is called. */
export function shareText(statement: Statement): string {
  if (statement.running !== undefined) return `much of the time (${uncountedText(statement)})`;
  const { callsPerSecond, percentOfTime, meanSeconds } = statement.now;
  if (callsPerSecond > 0) return `much of the time (${paceText(statement)})`;
  return `much of the time (${Math.round(percentOfTime)} % of the sessions at work run it, ${duration(meanSeconds)} each; no call ended between the readings)`;
}

/** Since when it is seen, as far back as the server counts. */
export function seenSince({ total, running }: Statement): string {
  if (running !== undefined) return `each has run for ${duration(total.meanSeconds)} so far, on average`;
  const each = `${total.calls} calls of ${duration(total.meanSeconds)} on average`;
  return total.firstSeenAt === null
    ? `${each} since statistics began`
    : `first seen ${total.firstSeenAt.slice(0, 19).replace("T", " ")}, ${each} since`;
}

export interface PlanSpending {
  readonly source: string;
  readonly says: readonly string[];
  /** The costs of many rows met with many. */
  readonly loops: boolean;
  /** What it runs again for each row, most of its cost: "(NOT (SubPlan 1))"; null where that is nothing. */
  readonly reruns: string | null;
}

/** Why it was not planned for us, where that was said. */
export function unplannedBecause(view: View, { id, user, key }: Statement): string | null {
  const rows = view.rows(postgresPlansRows) ?? [];
  const mysql = [...(view.rows(mysqlPlansRows) ?? []), ...(view.rows(mariadbPlansRows) ?? [])].find(
    ({ digest, schema, status }) =>
      status === "not-explained" && digest === id && key.startsWith(`${schema ?? "?"}/`),
  );
  return rows.find((row) => row.queryId === id && row.user === user)?.reason ?? mysql?.reason ?? null;
}

/** What is not planned as it reads a view, which may be what costs; null for any other. */
export function viewBehind(unplanned: string | null): string | null {
  const [, name] = /^(\S+) is a view\b/.exec(unplanned ?? "") ?? [];
  return name === undefined
    ? null
    : `it reads view ${name}: one that numbers its rows (OVER), groups them, joins by UNION or has a LIMIT may be computed whole, whatever the statement asks of it (its text: SHOW CREATE VIEW); what would change it: the view's tables read with the statement's conditions inside`;
}

/** How its plan spends it; null when it was not planned for us. */
export function spendingOf(view: View, { id, user, key }: Statement): PlanSpending | null {
  const mysql = [...(view.rows(mysqlPlansRows) ?? []), ...(view.rows(mariadbPlansRows) ?? [])].find(
    ({ digest, schema, status }) =>
      status === "explained" && digest === id && key.startsWith(`${schema ?? "?"}/`),
  );
  const plan = plansOf(view).find((one) => one.queryId === id && one.user === user) ?? mysql;
  if (plan === undefined) return null;
  const says = [...(plan.spends ? [plan.spends] : []), ...plan.problems.map(({ detail }) => detail)];
  const loops =
    plan.problems.some(({ kind }) => kind === "nested-loop" || kind === "join-without-index") ||
    /Nested Loop/.test(plan.spends ?? "");
  return {
    source: plan === mysql ? "plans" : "postgres-plans",
    says: [...new Set(says)].slice(0, 4),
    loops,
    reruns: rerunSubquery(plan.spends),
  };
}
