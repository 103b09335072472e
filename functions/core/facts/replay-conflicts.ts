import {
  postgresReplicationReceiverRows,
  type ReplayConflicts,
} from "../probes/postgres/replication-receiver-rows.ts";
import { compare } from "../text/compare.ts";
import type { View } from "./view.ts";

/** What queries on a standby were cancelled for. */
export interface ConflictKind {
  readonly kind: keyof ReplayConflicts;
  readonly count: number;
  /** Out of all. */
  readonly of: number;
  /** Counted just now, or since statistics were reset, where nothing was just now. */
  readonly since: "now" | "reset";
}

const kinds = ["lock", "snapshot", "bufferPin", "deadlock", "tablespace"] as const;

/** Most first; empty where nothing was counted, or not by kind (Aurora). */
export function conflictKinds(view: View): readonly ConflictKind[] {
  const row = view.rows(postgresReplicationReceiverRows)?.[0];
  if (row === undefined) return [];
  const now = row.conflictsNow === null ? [] : counted(row.conflictsNow, "now");
  return now.length > 0 ? now : counted(row.conflictsSinceReset, "reset");
}

/** Between the two readings; 0 where none was seen. */
export function conflictsNow(view: View): number {
  const [first] = conflictKinds(view);
  return first?.since === "now" ? first.of : 0;
}

function counted(conflicts: ReplayConflicts, since: ConflictKind["since"]): readonly ConflictKind[] {
  const of = kinds.reduce((sum, kind) => sum + conflicts[kind], 0);
  return kinds
    .map((kind) => ({ kind, count: conflicts[kind], of, since }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || compare(a.kind, b.kind));
}

/** Nearly all: a remedy for it is a remedy. */
const nearlyAll = 0.8;

/** The kind that nearly all are of; null where there is no such, or none was counted. */
export function mainConflict(view: View): keyof ReplayConflicts | null {
  const [first] = conflictKinds(view);
  return first !== undefined && first.count >= nearlyAll * first.of ? first.kind : null;
}
