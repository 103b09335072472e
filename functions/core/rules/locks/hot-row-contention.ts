import { type Blocker, behindSubject, blockingOf } from "../../facts/blocking.ts";
import { explainsPressure } from "../../facts/capacity.ts";
import { type HandOver, handOverOf } from "../../facts/hand-over.ts";
import { tableOfRow } from "../../facts/held-since.ts";
import { type LockGraph, type LockMember, subtree } from "../../facts/lock-graph.ts";
import { lockSource } from "../../facts/lock-source.ts";
import { tableLockedWhole } from "../../facts/locking-scans.ts";
import { severityOfBlocking } from "../../facts/severity.ts";
import { atWork } from "../../facts/standing.ts";
import type { View } from "../../facts/view.ts";
import { waitingStatement } from "../../facts/waiting-statement.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import { duration, list, lockObject, or, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitFamilyDrafts } from "../wait-family-draft.ts";
import { waitersText } from "./blocker-draft.ts";
import { outsideRowDrafts } from "./logged-holder-draft.ts";

export const hotRowContention = defineRule({
  id: "hot-row-contention",
  spec: ["D4", "D8"],
  category: "locks",
  title: "Many transactions want the same row, or the same lock, and take turns on it",
  needs: ["postgres-blocking", "mysql-row-locks", "mariadb-row-locks", "mysql-metadata-locks"],
  evaluate: (view) => {
    const { graph, blockers } = blockingOf(view);
    if (view.forests === null)
      return [...outsideRowDrafts(view), ...waitFamilyDrafts(view, "hot-row-contention")];
    const turns = blockers.flatMap(({ member, standing }): readonly Turn[] => {
      const handOver = handOverOf(view, graph, member);
      return handOver === null || standing !== "handed-along" ? [] : [{ member, handOver }];
    });
    return [...Map.groupBy(turns, ({ handOver }) => whatOf(handOver)).values()].flatMap((group) =>
      draftOf(view, graph, group, blockers),
    );
  },
});

interface Turn {
  readonly member: LockMember;
  readonly handOver: HandOver;
}

/** One for all rows of a table, however many have them just now: it is one application's way to use it. */
function draftOf(
  view: View,
  graph: LockGraph,
  group: readonly Turn[],
  blockers: readonly Blocker[],
): readonly FindingDraft[] {
  const turns = group.toSorted((a, b) => b.handOver.waiting - a.handOver.waiting);
  const [first] = turns;
  if (first === undefined) return [];
  const { wait, turnSeconds } = first.handOver;
  const waiting = turns.reduce((sum, { handOver }) => sum + handOver.waiting, 0);
  const longestSeconds = Math.max(...turns.map(({ handOver }) => handOver.longestSeconds));
  const scanned = tableLockedWhole(view, first.member.session);
  const rows = turns.length === 1 ? whatOf(first.handOver) : manyOf(first.handOver);
  const what = scanned === null ? rows : `rows of ${scanned}, all of which its statement locks on the way,`;
  return [
    {
      subject: first.member.key,
      severity: severityOfBlocking({
        blocked: waiting,
        maxConnections: view.server?.maxConnections ?? null,
      }),
      confidence: 0.8,
      summary: `${plural(waiting, "session queues", "sessions queue")} for ${what} and take turns on it: ${wait === null ? `the present turn is ${duration(turnSeconds)} old` : `a turn lasts about ${duration(turnSeconds)}`}, the slowest of them has been at it for ${duration(longestSeconds)}, and ending one of them changes nothing`,
      evidence: evidenceOf(view, graph, first, { turns, scanned }),
      explains: [
        ...holdersIn(view, graph, turns, blockers).flatMap(explainsHolder),
        ...explainsPressure(view, waiting, graph.waiters),
      ],
      actions: [],
    },
  ];
}

function evidenceOf(
  view: View,
  graph: LockGraph,
  { member, handOver: { row, rowsOf, wait } }: Turn,
  { turns, scanned }: { readonly turns: readonly Turn[]; readonly scanned: string | null },
): FindingDraft["evidence"] {
  const remedy = `in the application: ${remedyFor(wait)}; fewer clients at a time help at once`;
  const statement = statementOf(graph, member);
  const says = [
    ...(row === null ? [] : [`they wait for ${row}${turns.length === 1 ? "" : ", and for others"}`]),
    ...(rowsOf.length < 2 ? [] : [tablesText(rowsOf, member.session?.query ?? "")]),
    ...(statement === null ? [] : [`statement: ${statement}`]),
    ...waitersText(turns.flatMap((turn) => subtree(graph, turn.member.key))),
  ];
  return [
    ...says.map((text) => ({ source: lockSource(view), says: text })),
    ...ratesText(view),
    {
      source: "engine",
      says: `the remedy is ${scanned === null ? remedy : "the index that finds the row: then each locks its own"}`,
    },
  ];
}

/** Whoever is between two statements has asked for something else last, a BEGIN perhaps: what they wait to do is meant. */
function statementOf(graph: LockGraph, member: LockMember): string | null {
  const own = statementText(member.session?.query ?? null);
  return member.session?.state === "active" ? own : (waitingStatement(graph, member) ?? own);
}

/** Those who pass on, and who stands among them. */
function holdersIn(
  view: View,
  graph: LockGraph,
  turns: readonly Turn[],
  blockers: readonly Blocker[],
): readonly string[] {
  const tables = new Set(
    turns.flatMap(({ handOver: { row } }) => (row === null ? [] : tableOfRow(row)) ?? []),
  );
  const beside = blockers.filter(
    (blocker) =>
      (blocker.standing === "handed-along" || isOneOfMany(view, graph, blocker)) &&
      (graph.children.get(blocker.member.key) ?? []).some(({ waitsFor }) =>
        tables.has(tableOfRow(waitsFor?.object ?? "") ?? ""),
      ),
  );
  return [...new Set([...turns, ...beside].map(({ member }) => member.key))];
}

/** At the same statement as they who wait for it, which its queue alone does not tell for a turn. */
function isOneOfMany(view: View, graph: LockGraph, blocker: Blocker): boolean {
  const { session, member } = blocker;
  if (blocker.standing !== "lasting" || session?.state !== "active" || session.query === null) return false;
  const alike = (graph.children.get(member.key) ?? []).some((one) => one.session?.query === session.query);
  return alike && atWork(view, graph, blocker) !== null;
}

function explainsHolder(key: string): FindingDraft["explains"] {
  const causes = ["blocked-by-idle-transaction", "blocked-by-running-query", "explicit-lock-held"] as const;
  return [
    ...causes.map((cause) => ({ cause, subject: key, because: "it only has its turn" })),
    { cause: "long-running-query", subject: behindSubject({ key }), because: "they wait for their turn" },
  ];
}

/** What an INSERT names it adds rows to; what others wait for beside that a trigger changes, or a function that it calls. */
function tablesText(tables: readonly string[], query: string): string {
  const inserts = /^\s*insert\s+into\s+/i.test(query);
  const others = tables.filter((table) => !query.includes(table.slice(table.indexOf(".") + 1)));
  const trigger =
    inserts && others.length > 0
      ? `: the statement does not name ${list(others)}, which a trigger changes as a rule`
      : "";
  return `the row is of ${or(tables)}, which each of them and whom it waits for write${trigger}`;
}

function manyOf({ row, wait }: HandOver): string {
  const table = row === null ? null : tableOfRow(row);
  return wait !== null ? lockObject(wait) : `rows of ${table ?? "one table"}`;
}

function whatOf({ row, rowsOf, wait }: HandOver): string {
  if (wait !== null) return lockObject(wait);
  const [only = null, ...others] = rowsOf;
  const table = row === null ? (others.length === 0 ? only : null) : tableOfRow(row);
  return table === null ? "the same row" : `one row of ${table}`;
}

/**
 * https://www.postgresql.org/docs/current/sql-notify.html: notifications are sent at commit, and
 * https://github.com/postgres/postgres/blob/master/src/backend/commands/async.c one commit at a time in the whole server.
 */
function remedyFor(wait: HandOver["wait"]): string {
  if (wait === null) {
    return "change this row last in the transaction, commit at once, spread a counter over several rows, take from a queue with SKIP LOCKED";
  }
  if (wait.object.includes("NOTIFY")) {
    return "commits that send a NOTIFY pass one at a time through the whole server: notify from fewer transactions, or of many changes at once, or let a queue table be polled";
  }
  return wait.objectKind === "advisory"
    ? "it lets one worker at a time through by its own wish: hold the lock for shorter, or give each piece of work a lock of its own"
    : "ask for a weaker lock, or take it last and commit at once";
}

function ratesText(view: View): FindingDraft["evidence"] {
  const locks = view.rows(mysqlInnodbRatesRows)?.[0]?.rowLocks;
  if (locks?.waitsPerSecond == null || locks.waitsPerSecond === 0) return [];
  const averaged =
    locks.averageWaiters === null ? "" : `, ${Math.round(locks.averageWaiters)} waiting on average`;
  return [
    {
      source: "mysql-innodb-rates",
      says: `${Math.round(locks.waitsPerSecond)} row-lock waits per second${averaged}`,
    },
  ];
}
