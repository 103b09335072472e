import type { FailoverTopology, Node } from "../../core/contract/failover-topology.ts";
import { AwsError } from "../../core/errors.ts";
import type { EffectBody, Stamp } from "../../core/failover/effect.ts";
import type { Approval, LockHolder } from "../../core/failover/ports.ts";
import type { ReplicaSet } from "./replica-set.ts";

/** What becomes of one call on its way. */
export interface Mishap {
  readonly deliver: boolean;
  readonly twice: boolean;
  readonly lateMs: number;
  readonly answer: "given" | "lost" | "refused";
}

export type Called = EffectBody["kind"] | "describe" | "look" | "read-name" | "holder";

export interface FailoverWorld {
  readonly set: ReplicaSet;
  readonly now: () => number;
  /** Runs it at that time. */
  readonly at: (time: number, what: () => void) => void;
  mishap: (of: Called) => Mishap;
  topology: Partial<FailoverTopology>;
  nodes: Readonly<Record<string, Partial<Node>>>;
  name: string;
  readonly runs: Map<string, string>;
  /** Headlines of what was said on the way. */
  readonly progress: string[];
  readonly told: { readonly run: string; readonly headline: string }[];
  lock: LockHolder | null;
  tokens: number;
  approval: Approval | null;
  /** Since when the kill switch is engaged. */
  switchedAt: number | null;
  /** When a failover was last sent, whatever became of it. */
  failedOverAt: number | null;
  /** Whose that was, and whose effect was the last of any kind. */
  lastCallBy?: string;
  lastRun?: string;
  /** How long RDS takes for the next promotion; absent: 20 s. */
  promoteMs?: () => number;
  /** Every promotion that took effect. */
  readonly promoted: string[];
  readonly promotedAt: number[];
}

/** One call on its way, with whatever happens to it there. */
export async function pass(world: FailoverWorld, of: Called, what: () => void) {
  const { deliver, twice, lateMs, answer } = world.mishap(of);
  if (answer === "refused") throw new AwsError("Throttling", true, "Rate exceeded");
  const times = deliver ? (twice ? 2 : 1) : 0;
  for (let time = 0; time < times; time += 1) {
    if (lateMs > 0) world.at(world.now() + lateMs * (time + 1), what);
    else what();
  }
  if (answer === "lost") throw new AwsError("TimeoutError", false, "no answer came");
}

/** A deposed execution is told so; only what was on its way by then still arrives. */
export function guard(world: FailoverWorld, { run, token }: Stamp): void {
  const { lock: holder } = world;
  if (holder?.run !== run || token < holder.token)
    throw new AwsError("Deposed", true, `token ${token} is old`);
  world.lastRun = run;
}
