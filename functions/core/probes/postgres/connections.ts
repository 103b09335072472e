import { compare } from "../../text/compare.ts";
import { withoutLeadingComments } from "../../text/statement-parts.ts";
import { defineProbe, type ProbeContext } from "../define.ts";
import { type ConnectionGroup, connectionGroupSchema } from "../rows.ts";
import {
  type PostgresSessionRow,
  postgresSessionRows,
  postgresSessionState,
  postgresSessionsStatement,
} from "./session-row.ts";
import { pgMonitor } from "./sight.ts";

export const postgresConnections = defineProbe({
  id: "postgres-connections",
  spec: ["P2"],
  title: "Who holds the connections, in which state and for how long?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One pass over pg_stat_activity, shared with the other probes of the tier; linear in the connections.",
  needs: [pgMonitor],
  row: connectionGroupSchema,
  maxRows: 100,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW",
  statements: (context) => [postgresSessionsStatement(context)],
  read: ([answer], context): ConnectionGroup[] => {
    const clients = postgresSessionRows(answer).filter((row) => row.backend_type === "client backend");
    const groups = Map.groupBy(clients, (row) => JSON.stringify(partsOf(row)));
    return [...groups.values()].flatMap((rows) => groupOf(rows, context)).sort(largestFirst);
  },
});

function partsOf(row: PostgresSessionRow) {
  const { application, user_name: user, client, database_name: database } = row;
  return { state: postgresSessionState(row.state), application, user, client, database };
}

function groupOf(rows: readonly PostgresSessionRow[], { settings }: ProbeContext): ConnectionGroup[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { idleSessionSeconds, leakIdleSeconds } = settings.thresholds;
  const inState = (row: PostgresSessionRow): number =>
    Math.max(0, row.state_seconds ?? row.session_seconds ?? 0);
  const ages = rows.map(inState).sort((a, b) => a - b);
  const count = (holds: (row: PostgresSessionRow) => boolean): number => rows.filter(holds).length;
  const isNew = (row: PostgresSessionRow): boolean =>
    row.session_seconds !== null && row.session_seconds < 60 && inState(row) <= leakIdleSeconds;
  const listening = count((row) => inState(row) > leakIdleSeconds && listens(row));
  return [
    {
      ...partsOf(first),
      count: rows.length,
      waitingOnLock: count(({ wait_event }) => wait_event?.startsWith("Lock/") ?? false),
      oldestStateSeconds: ages.at(-1) ?? null,
      medianStateSeconds: medianOf(ages),
      idleOverSession: count((row) => inState(row) > idleSessionSeconds),
      idleOverLeak: count((row) => inState(row) > leakIdleSeconds),
      ...(listening === 0 ? {} : { listening }),
      openedLastMinute: count(isNew),
    },
  ];
}

/** https://www.postgresql.org/docs/current/sql-listen.html: it waits to be told, for as long as nothing is. */
function listens({ state, query }: PostgresSessionRow): boolean {
  return state === "idle" && /^listen\s/i.test(withoutLeadingComments(query ?? ""));
}

/** Halfway between the two in the middle when there is no single one. */
function medianOf(sorted: readonly number[]): number | null {
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function largestFirst(a: ConnectionGroup, b: ConnectionGroup): number {
  return (
    b.count - a.count ||
    (b.oldestStateSeconds ?? 0) - (a.oldestStateSeconds ?? 0) ||
    compare(a.state, b.state) ||
    nullsLast(a.application, b.application) ||
    nullsLast(a.user, b.user) ||
    nullsLast(a.client, b.client) ||
    nullsLast(a.database, b.database)
  );
}

function nullsLast(a: string | null, b: string | null): number {
  return a === null || b === null ? Number(a === null) - Number(b === null) : compare(a, b);
}
