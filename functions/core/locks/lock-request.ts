import type { HeldLock, PreparedTransaction } from "../contract/locks.ts";
import type { Session } from "../contract/session.ts";

/** One lock that an owner has or waits for, as one snapshot of the engine's lock table shows it. */
export interface LockRequest {
  /** Node key: "session:<id>" or "prepared:<gid>". Whatever works for a session carries that session's key. */
  readonly owner: string;
  /** Names one lockable object; two requests meet only on the same text. */
  readonly object: string;
  readonly objectKind: HeldLock["objectKind"];
  readonly mode: string;
  readonly granted: boolean;
  /** Place in the object's queue: lower is nearer its head. Meaningless for what is granted. */
  readonly order: number;
  readonly waitSeconds: number | null;
  readonly explicit: boolean;
}

export interface ForestInput {
  readonly requests: readonly LockRequest[];
  /** By node key. */
  readonly sessions: ReadonlyMap<string, Session>;
  /** By node key. */
  readonly prepared: ReadonlyMap<string, PreparedTransaction>;
  /** Whether `wanted` cannot be granted beside `held`. Asked once for each pair of modes. */
  conflicts(objectKind: HeldLock["objectKind"], held: string, wanted: string): boolean;
  readonly maxNodes: number;
}

/** Sorts as a person counts: by number where both keys end in one, so that session:9 comes before session:10. */
export function compareKeys(a: string, b: string): number {
  const numbers = [a, b].map((key) => Number(key.slice(key.indexOf(":") + 1)));
  const [first = Number.NaN, second = Number.NaN] = numbers;
  if (first !== second && !Number.isNaN(first) && !Number.isNaN(second)) return first - second;
  return a < b ? -1 : a > b ? 1 : 0;
}
