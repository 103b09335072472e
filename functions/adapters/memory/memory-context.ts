import type { ContextSources, LogPortion, Sight } from "../../core/context-ports.ts";
import type { Backups, Change, LoadDimension, RdsEvent } from "../../core/contract/context.ts";
import type { Topology } from "../../core/contract/topology.ts";

/** What AWS knows of one database. A part that is left out is empty, as AWS answers it. */
export interface MemoryDatabase {
  readonly topology?: Topology;
  readonly events?: readonly RdsEvent[];
  readonly logs?: readonly LogPortion[];
  readonly load?: readonly LoadDimension[];
  readonly backups?: Backups;
  readonly changes?: readonly Change[];
}

export interface MemoryContext extends ContextSources {
  /** From now on this part is refused for that reason; null ends it. */
  refuse(part: keyof ContextSources, reason: string | null): void;
  /** From now on this part does not answer before its signal is aborted. */
  stall(part: keyof ContextSources): void;
}

/** Context of databases by instance identifier; read at each call, so that a lab can change what is true. */
export function createMemoryContext(databases: Readonly<Record<string, MemoryDatabase>>): MemoryContext {
  const refused = new Map<keyof ContextSources, string>();
  const stalled = new Set<keyof ContextSources>();
  async function answer<T>(
    part: keyof ContextSources,
    value: () => T,
    signal?: AbortSignal,
  ): Promise<Sight<T | null>> {
    if (stalled.has(part)) await untilAborted(signal);
    const reason = refused.get(part);
    if (reason !== undefined) return { value: null, missing: [{ what: part, reason, howToSee: null }] };
    return { value: structuredClone(value()), missing: [] };
  }
  const all = () => Object.values(databases);
  return {
    refuse: (part, reason) => {
      if (reason === null) refused.delete(part);
      else refused.set(part, reason);
    },
    stall: (part) => {
      stalled.add(part);
    },
    topology: {
      read: ({ name }, signal) => answer("topology", () => databases[name]?.topology ?? null, signal),
    },
    events: {
      read: (subjects, from, to, signal) =>
        answer(
          "events",
          () =>
            eventsOf(
              all(),
              subjects.map(({ id }) => id),
              { from, to },
            ),
          signal,
        ),
    },
    logs: { read: ({ name }, _since, signal) => answer("logs", () => databases[name]?.logs ?? [], signal) },
    load: {
      read: (resourceId, _from, _to, signal) =>
        answer("load", () => all().find((each) => has(each, resourceId))?.load ?? [], signal),
    },
    backups: {
      read: ({ name }, signal) => answer("backups", () => databases[name]?.backups ?? noBackups, signal),
    },
    changes: {
      read: (name, from, to, signal) =>
        answer(
          "changes",
          () =>
            all()
              .flatMap(({ changes = [] }) => changes)
              .filter((change) => change.subject === name && isWithin(change.at, { from, to })),
          signal,
        ),
    },
  };
}

const noBackups: Backups = { newestSnapshot: null, restorableFrom: null, restorableTo: null };

function has({ topology }: MemoryDatabase, resourceId: string): boolean {
  return topology?.members[0]?.resourceId === resourceId;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

function eventsOf(databases: readonly MemoryDatabase[], ids: readonly string[], stretch: Stretch) {
  return databases
    .flatMap(({ events = [] }) => events)
    .filter(({ subject, at }) => ids.includes(subject) && isWithin(at, stretch))
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function isWithin(at: string, { from, to }: Stretch): boolean {
  return Date.parse(at) >= from && Date.parse(at) <= to;
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
