import type {
  Admitted,
  FailoverRecords,
  GroupRecord,
} from "../../functions/adapters/aws/failover/failover-reach.ts";
import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { AwsError, ConflictError } from "../../functions/core/errors.ts";
import { isOpen } from "../../functions/core/failover/is-open.ts";
import type { FailoverLock, LockHolder, RunStore } from "../../functions/core/failover/ports.ts";

/**
 * Lock and run of one process, where there is no table of a deployment: nobody else sees them, and they are gone with
 * the process. Whoever uses this says so.
 */
export function createLocalRecords(): {
  readonly lock: FailoverLock & FailoverRecords;
  readonly runs: RunStore;
} {
  const held = new Map<string, LockHolder>();
  const promoted = new Map<string, GroupRecord>();
  const stored = new Map<string, FailoverRun>();
  let tokens = 0;
  let undo: { readonly effect: number; readonly back: () => void } | null = null;
  const groupOf = (run: string): string => stored.get(run)?.group ?? "";
  const lock: FailoverLock & FailoverRecords = {
    holder: async (group) => held.get(group) ?? null,
    take: async (group, run) => {
      const holder = held.get(group);
      if (holder !== undefined && holder.run !== run) return holder;
      tokens += 1;
      const mine = { run, token: tokens };
      held.set(group, mine);
      return mine;
    },
    release: async (group, run, _signal, token = held.get(group)?.token) => {
      const holder = held.get(group);
      if (holder?.run === run && holder.token === token) held.delete(group);
    },
    read: async (group) => promoted.get(group) ?? { group, promoted: [], lastCallAt: null },
    admit: async ({ run, token, effect }, what) => {
      const group = groupOf(run);
      if (held.get(group)?.token !== token) throw new AwsError("Deposed", true, `token ${token} is old`);
      undo = { effect, back: note(promoted, { group, run, what }) };
    },
    retract: async ({ effect }) => {
      if (undo?.effect === effect) undo.back();
    },
  };
  const runs: RunStore = {
    get: async (id) => stored.get(id) ?? null,
    save: async (run) => {
      if ((stored.get(run.id)?.revision ?? 0) !== run.revision)
        throw new ConflictError(`${run.id} has moved on`);
      const saved = { ...run, revision: run.revision + 1 };
      stored.set(run.id, saved);
      return saved;
    },
    open: async () => [...stored.values()].filter(isOpen).map(({ id }) => id),
    standing: async () => [...stored.values()].filter(isOpen).map((run) => ({ id: run.id, run })),
  };
  return { lock, runs };
}

interface Noted {
  readonly group: string;
  readonly run: string;
  readonly what: Admitted;
}

/** Answers how it is taken back. */
function note(records: Map<string, GroupRecord>, { group, run, what }: Noted): () => void {
  if (what.kind === "change") return () => undefined;
  const called = { lastCallAt: new Date().toISOString(), lastCallBy: run, lastRun: run };
  const were = [...records].map(([name, of]) => [name, { ...of, ...called }] as const);
  const before = records.get(group)?.promoted ?? [];
  const own = what.kind === "promotion" ? [{ node: what.node, resourceId: what.resourceId }] : [];
  const record = { group, promoted: [...own, ...before], ...called };
  records.set(group, record);
  if (what.kind === "promotion") records.set(what.itsGroup, record);
  return () => {
    records.clear();
    for (const [name, of] of were) records.set(name, of);
  };
}
