import { type Session, sessionSchema } from "../../contract/session.ts";
import { defineProbe } from "../define.ts";
import {
  type PostgresSessionRow,
  postgresSession,
  postgresSessionRows,
  postgresSessionsStatement,
} from "./session-row.ts";
import { pgMonitor } from "./sight.ts";

const maxRows = 100;

export const postgresSessions = defineProbe({
  id: "postgres-sessions",
  spec: ["P3", "P5"],
  title: "What is running, what waits, what is idle in a transaction?",
  engines: ["postgres"],
  tier: "immediate",
  cost: "One pass over pg_stat_activity, shared with the other probes of the tier; linear in the connections.",
  needs: [pgMonitor],
  row: sessionSchema,
  maxRows,
  source: "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW",
  statements: (context) => [postgresSessionsStatement(context)],
  read: ([answer], context): Session[] =>
    postgresSessionRows(answer)
      .filter(isAtWork)
      .sort(byAge(context.server.backendId))
      // Those that are only counted need no text: to normalise thousands of statements costs more than the rest.
      .map((row, place) => postgresSession(place < maxRows ? row : { ...row, query: null }, context)),
});

function isAtWork({ backend_type, state }: PostgresSessionRow): boolean {
  if (backend_type === "client backend") return state !== "idle";
  return /^(?:autovacuum worker|parallel worker|walsender|logical replication .*worker)$/.test(
    backend_type ?? "",
  );
}

/** Clients before workers, and the oldest transaction first: what holds others up is among the oldest. */
function byAge(ownId: number): (a: PostgresSessionRow, b: PostgresSessionRow) => number {
  const notClient = (row: PostgresSessionRow): number => Number(row.backend_type !== "client backend");
  return (a, b) =>
    Number(a.id === ownId) - Number(b.id === ownId) ||
    notClient(a) - notClient(b) ||
    oldestFirst(a.transaction_seconds, b.transaction_seconds) ||
    oldestFirst(a.statement_seconds, b.statement_seconds) ||
    a.id - b.id;
}

function oldestFirst(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return b - a;
}
