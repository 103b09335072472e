import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { agreementMs } from "../../functions/core/failover/agreement-time.ts";
import type { Hands } from "./failover-days-people.ts";
import type { Deed } from "./failover-days-ports.ts";

/** Two functions' clocks may differ by so much: failover-days-machine.ts. */
const clocksMs = 180_000;

export interface HarmOptions {
  readonly hands: Hands;
  servedFor(node: string): number;
  fault(says: string): void;
}

/** A primary that served its clients longer than anything that was agreed to counts, and is shut all the same. */
export function createHarm({ hands: { world, by: people }, servedFor, fault }: HarmOptions) {
  /** By run and node: since when it is being shut, where it had not served so long by then. */
  const shutting = new Map<string, number>();
  const isForced = (id: string, run: FailoverRun | undefined) => {
    if (run?.input.kind === "planned") return true;
    // By the typing, or by when the run came to be of it behind a function that died.
    const at = people.forced.get(id);
    return at !== undefined && world.now() - Math.max(at, run?.startedAt ?? at) < agreementMs + clocksMs;
  };
  const goesOn = (key: string) => world.now() - (shutting.get(key) ?? 0) < agreementMs;
  const isServed = (node: string, { what, by }: Deed, run: FailoverRun | undefined) => {
    if (isForced(by, run) || world.name !== node || servedFor(node) < agreementMs) return false;
    fault(`${node}, which served for 16 min, saw ${what} by ${by}`);
    return true;
  };
  return (deed: Deed, run: FailoverRun | undefined): void => {
    const { what, node, by } = deed;
    const key = `${by} ${node}`;
    if (what === "unwall" || what === "open") shutting.delete(key);
    if (what === "promote" && world.name !== node) isServed(world.name, deed, run);
    if (!["fence", "wall", "restart"].includes(what) || goesOn(key)) return;
    if (!isServed(node, deed, run)) shutting.set(key, world.now());
  };
}
