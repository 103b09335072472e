import { postgresWaitProfileRows, type WaitProfileRow } from "../probes/postgres/wait-profile-rows.ts";
import { compare } from "../text/compare.ts";
import { statementText } from "../text/wording.ts";
import { statementsOf } from "./statements.ts";
import type { View } from "./view.ts";

export interface Dominant {
  readonly source: string;
  readonly query: string;
  /** Of the time that all statements took. */
  readonly percent: number;
}

/** The statement that takes most of the database's time, when Performance Insights or the engine's statistics tell. */
export function dominantStatement(view: View): Dominant | null {
  return fromInsights(view) ?? fromStatements(view);
}

function fromInsights({ evidence }: View): Dominant | null {
  const items = evidence.context?.load?.find(({ by }) => by === "statement")?.items ?? [];
  const all = items.reduce((sum, { load }) => sum + load, 0);
  const first = items.toSorted((a, b) => b.load - a.load || compare(a.name, b.name))[0];
  const query = statementText(first?.name ?? null);
  // Less than half a session busy is no load to share out.
  if (first === undefined || query === null || all < 0.5) return null;
  return { source: "Performance Insights", query, percent: (100 * first.load) / all };
}

function fromStatements(view: View): Dominant | null {
  const first = (statementsOf(view) ?? []).toSorted(
    (a, b) => b.now.percentOfTime - a.now.percentOfTime || compare(a.key, b.key),
  )[0];
  const query = statementText(first?.query ?? null);
  if (first === undefined || query === null || first.now.averageSessions < 0.5) return null;
  return { source: first.source, query, percent: first.now.percentOfTime };
}

export interface WaitShare {
  readonly percent: number;
  readonly averageSessions: number;
  readonly says: string;
}

/** What part of the working sessions was seen in such a wait; null when nobody looked or nobody worked. */
export function waitShare(view: View, test: (row: WaitProfileRow) => boolean): WaitShare | null {
  const rows = view.rows(postgresWaitProfileRows) ?? [];
  const all = rows.reduce((sum, { observations }) => sum + observations, 0);
  const such = rows.filter(test);
  const seen = such.reduce((sum, { observations }) => sum + observations, 0);
  if (all === 0) return null;
  const averageSessions = such.reduce((sum, row) => sum + row.averageSessions, 0);
  const percent = (100 * seen) / all;
  return {
    percent,
    averageSessions,
    says: `${Math.round(percent)} % of the working sessions, ${Math.round(averageSessions * 10) / 10} on average`,
  };
}

export const onCpu = (row: WaitProfileRow): boolean => row.waitEventType === null && row.observations > 0;
/**
 * From 18 on a read that an I/O worker does is waited for as AioIoCompletion, whether storage or the few workers
 * (io_workers) are slow, or the page was in the system's cache all along.
 * https://www.postgresql.org/docs/18/monitoring-stats.html#WAIT-EVENT-IO-TABLE
 */
export const onStorage = (row: WaitProfileRow): boolean =>
  row.waitEventType === "IO" && row.waitEvent !== "AioIoCompletion";

/** The lines that say where the time goes, for a finding about load. */
export function workloadEvidence(view: View): { source: string; says: string }[] {
  const dominant = dominantStatement(view);
  const waits = (view.rows(postgresWaitProfileRows) ?? [])
    .filter(({ observations }) => observations > 0)
    .toSorted((a, b) => b.observations - a.observations || compare(nameOf(a), nameOf(b)))
    .slice(0, 3)
    .map((row) => `${nameOf(row)} ${Math.round(row.percent)} %`);
  return [
    ...(waits.length === 0
      ? []
      : [{ source: postgresWaitProfileRows.id, says: `working sessions: ${waits.join(", ")}` }]),
    ...(dominant === null
      ? []
      : [
          {
            source: dominant.source,
            says: `${Math.round(dominant.percent)} % of the time goes into ${dominant.query}`,
          },
        ]),
  ];
}

function nameOf({ waitEventType, waitEvent }: WaitProfileRow): string {
  return waitEventType === null ? "on CPU" : `${waitEventType}:${waitEvent ?? "?"}`;
}
