import type { ProposedAction } from "../../contract/finding.ts";
import type { Session } from "../../contract/session.ts";
import { blockerProofs, queueProofs } from "../../facts/blocker-proofs.ts";
import { type Blocking, behindSubject, blockingOf, mostWanted } from "../../facts/blocking.ts";
import { explainsPressure } from "../../facts/capacity.ts";
import { freedBy } from "../../facts/freed-alone.ts";
import { countBelow, type LockMember, subtree } from "../../facts/lock-graph.ts";
import { lockSource } from "../../facts/lock-source.ts";
import { ripenessOf } from "../../facts/ripeness.ts";
import { severityOfBlocking } from "../../facts/severity.ts";
import type { View } from "../../facts/view.ts";
import { type MatviewRow, postgresMatviewsRows } from "../../probes/postgres/matviews-rows.ts";
import { refreshConcurrentlyNextTime } from "../../remedies/matview-remedies.ts";
import { cancelStatement, endSession } from "../../remedies/remedies.ts";
import { untouchableBecause } from "../../remedies/untouchable.ts";
import { compare } from "../../text/compare.ts";
import { describeSession, duration, plural, requestName, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitersText } from "./blocker-draft.ts";
import { outsideTableWaits } from "./outside-table-waits-draft.ts";

export const matviewRefreshBlocking = defineRule({
  id: "matview-refresh-blocking",
  spec: ["D4", "D8"],
  category: "locks",
  title: "A materialized view is refreshed as a whole and its readers wait",
  needs: ["postgres-blocking"],
  evaluate: (view) => {
    if (view.evidence.target.engine !== "postgres") return [];
    if (view.forests === null && view.sessions === null)
      return outsideTableWaits(view, "matview-refresh-blocking");
    const blocking = blockingOf(view);
    return refreshesOf(view, blocking).map((refresh) => draftOf(view, blocking, refresh));
  },
});

interface Refresh {
  readonly member: LockMember;
  readonly session: Session;
  /** "public.totals". */
  readonly name: string;
  /** What postgres-matviews says of it; null when that was not asked. */
  readonly matview: MatviewRow | null;
  readonly blocked: number;
  readonly freesAlone: number;
  readonly longestWaitSeconds: number | null;
}

/**
 * REFRESH without CONCURRENTLY takes ACCESS EXCLUSIVE at its start and keeps it to the end, so that whoever reads the
 * view waits; and while it still waits for that lock itself, everybody queues behind it.
 * https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html
 */
function refreshesOf(view: View, { graph, blockers, queues }: Blocking): readonly Refresh[] {
  const standing = blockers.filter(({ standing: is }) => is === "lasting").map(({ member }) => member);
  const candidates = new Map(
    [...standing, ...queues.map(({ pivot }) => pivot)].map((member) => [member.key, member]),
  );
  return [...candidates.values()]
    .toSorted((a, b) => compare(a.key, b.key))
    .flatMap((member) => {
      const { session } = member;
      const name = mostWanted(graph, member)?.wait.object;
      if (session === null || name === undefined || session.state !== "active") return [];
      const matview = matviewNamed(view, name);
      if (!refreshes(session, matview)) return [];
      const { longestWaitSeconds } = member;
      const blocked = countBelow(graph, member.key);
      const freesAlone = freedBy(graph, member);
      return [{ member, session, name, matview, blocked, freesAlone, longestWaitSeconds }];
    });
}

/** By its words; or, when a function does it, by what it locks out of its readers without being other DDL. */
function refreshes({ query, id }: Session, matview: MatviewRow | null): boolean {
  if (/\brefresh\s+materialized\s+view\b(?!\s+concurrently)/i.test(query ?? "")) return true;
  const seen = matview?.refresh ?? null;
  if (seen !== null && seen.pid === id) return !seen.concurrently;
  return (
    matview !== null && requestName(query) === "lock request" && /^\s*(select|call)\b/i.test(query ?? "")
  );
}

function matviewNamed(view: View, object: string): MatviewRow | null {
  const rows = view.rows(postgresMatviewsRows) ?? [];
  return rows.find(({ schema, view: name }) => `${schema}.${name}` === object) ?? null;
}

function draftOf(view: View, blocking: Blocking, refresh: Refresh): FindingDraft {
  const { member, session, name, blocked, longestWaitSeconds } = refresh;
  const maxConnections = view.server?.maxConnections ?? null;
  const waits = member.waitsFor !== null;
  const doing = waits ? "waits for its lock" : "runs";
  const protectedBy = untouchableBecause(session, view.policy);
  const statement = statementText(session.query);
  const says = [
    ...(statement === null ? [] : [`statement: ${statement}`]),
    ...(protectedBy === null ? [] : [`not touched: ${protectedBy}`]),
    concurrentlyText(refresh),
    ...waitersText(subtree(blocking.graph, member.key)),
  ];
  return {
    subject: member.key,
    severity: severityOfBlocking({ blocked, maxConnections }),
    confidence: 0.97,
    summary: `A REFRESH of materialized view ${name} without CONCURRENTLY (${describeSession(session, "postgres")}) ${doing} for ${duration(waits ? (member.waitsFor?.waitSeconds ?? null) : session.statementSeconds)} and blocks ${plural(blocked, "session")}; longest wait ${duration(longestWaitSeconds)}`,
    evidence: says.map((text) => ({ source: lockSource(view), says: text })),
    explains: [
      { cause: "blocked-by-running-query", subject: member.key, because: "it is that statement" },
      { cause: "ddl-lock-queue", subject: member.key, because: "it is the queued request" },
      { cause: "long-running-query", subject: member.key, because: "it is that statement" },
      { cause: "long-running-query", subject: behindSubject(member), because: "they wait for the view" },
      ...explainsPressure(view, blocked, blocking.graph.waiters),
    ],
    actions: remedies(view, blocking, refresh),
  };
}

function concurrentlyText({ matview }: Refresh): string {
  if (matview === null) return "REFRESH … CONCURRENTLY would not block readers; it needs a unique index";
  return matview.canRefreshConcurrently
    ? `REFRESH … CONCURRENTLY would not block readers, and its index ${matview.uniqueIndex} allows it`
    : `REFRESH … CONCURRENTLY is not possible yet: ${matview.whyNotConcurrently}`;
}

function remedies(view: View, { graph, blockers }: Blocking, refresh: Refresh): readonly ProposedAction[] {
  const { member, session, blocked, freesAlone, longestWaitSeconds, name, matview } = refresh;
  const also = ["the view keeps its old content until it is refreshed again"];
  const holder = blockers.find((blocker) => blocker.member.key === member.key);
  const ripeness = ripenessOf(view, member, blocked, graph.waiters);
  const relief = {
    frees: freesAlone,
    longestWaitSeconds,
    also,
    proofs:
      holder === undefined
        ? queueProofs(view, member, { behind: blocked, ripeness })
        : blockerProofs(view, holder),
    ...(ripeness.ripe ? {} : { tooYoung: ripeness.because }),
  };
  const cancel = cancelStatement(view, session, relief);
  const first = cancel.length > 0 ? cancel : endSession(view, session, relief);
  return [...first, refreshConcurrentlyNextTime(view, name, matview)];
}
