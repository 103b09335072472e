import { type FailoverWorld, pass } from "../../functions/adapters/memory/failover-world.ts";
import { AwsError } from "../../functions/core/errors.ts";
import type { Stamp } from "../../functions/core/failover/effect.ts";
import type { FailoverLock, LockHolder } from "../../functions/core/failover/ports.ts";

interface Promoted {
  readonly node: string;
  readonly resourceId: string;
}

/** What lies under one group, as functions/adapters/aws/failover/dynamo-failover-lock.ts has it. */
export interface GroupItem {
  readonly group: string;
  lock: LockHolder | null;
  tokens: number;
  lastCall: { readonly at: number; readonly by: string } | null;
  lastRun: string | null;
  /** Newest first. */
  promoted: readonly Promoted[];
}

export interface GroupRecords {
  readonly lock: FailoverLock;
  /** Of the group that this one came out of by a promotion; else its own. */
  read(group: string): GroupItem;
  /** Whom the lock of its group lets pass. */
  admits(stamp: Stamp): boolean;
  /** The group's lock is the world's for as long as one call of the memory looks at it. */
  under<T>(stamp: Stamp, call: () => Promise<T>): Promise<T>;
  /** Written before the call, and taken back where RDS refused it for certain. */
  promotes<T>(stamp: Stamp, promoted: Promoted, call: () => Promise<T>): Promise<T>;
  all(): readonly GroupItem[];
}

/** Lock and record by group: who is called otherwise by now has others, and who was promoted is led back to where it was. */
export function createGroupRecords(world: FailoverWorld, groupOfRun: (run: string) => string | null) {
  const items = new Map<string, GroupItem>();
  const aliases = new Map<string, string>();
  const of = (group: string): GroupItem => {
    const item = items.get(group) ?? { group, ...empty() };
    items.set(group, item);
    return item;
  };
  const itemOf = ({ run, group }: Stamp) => of(group ?? groupOfRun(run) ?? "nobody's");
  const under = <T>(stamp: Stamp, call: () => Promise<T>): Promise<T> => {
    const item = itemOf(stamp);
    world.lock = item.lock;
    const answer = call();
    if (world.lock?.run === stamp.run && stamp.token >= world.lock.token) item.lastRun = stamp.run;
    return answer;
  };
  const records: GroupRecords = {
    lock: lockOf(world, of),
    read: (group) => of(aliases.get(group) ?? group),
    admits: (stamp) => {
      const { lock } = itemOf(stamp);
      return lock?.run === stamp.run && stamp.token >= lock.token;
    },
    under,
    promotes: async (stamp, promoted, call) => {
      const item = itemOf(stamp);
      const { lastCall, promoted: before } = item;
      if (records.admits(stamp)) {
        item.lastCall = { at: world.now(), by: stamp.run };
        item.promoted = [promoted, ...before.filter(({ node }) => node !== promoted.node)].slice(0, 8);
        aliases.set(promoted.node, item.group);
      }
      try {
        return await under(stamp, call);
      } catch (error) {
        const isRefused = error instanceof AwsError && error.refused && records.admits(stamp);
        if (isRefused) Object.assign(item, { lastCall, promoted: before });
        throw error;
      }
    },
    all: () => [...items.values()],
  };
  return records;
}

function empty(): Omit<GroupItem, "group"> {
  return { lock: null, tokens: 0, lastCall: null, lastRun: null, promoted: [] };
}

function lockOf(world: FailoverWorld, of: (group: string) => GroupItem): FailoverLock {
  return {
    holder: async (group) => {
      await pass(world, "holder", () => {});
      return of(group).lock;
    },
    take: async (group, run) => {
      const item = of(group);
      await pass(world, "take-lock", () => {
        if (item.lock !== null && item.lock.run !== run) return;
        item.tokens += 1;
        item.lock = { run, token: item.tokens };
      });
      return item.lock ?? { run: "nobody", token: 0 };
    },
    release: async (group, run, _signal, token = of(group).lock?.token) => {
      const item = of(group);
      await pass(world, "release-lock", () => {
        if (item.lock?.run === run && item.lock.token === token) item.lock = null;
      });
    },
  };
}
