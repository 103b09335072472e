import type { Node, NodeLook } from "../contract/failover-topology.ts";
import { hasAll } from "./positions.ts";

/** A sample of CloudWatch is a minute old as a rule; one of long before says nothing about now. */
const freshSeconds = 180;

export type Lag =
  | { readonly known: true; readonly seconds: number; readonly by: "positions" | "heartbeat" | "metric" }
  | { readonly known: false; readonly because: string };

/**
 * How much a node lacks of what the primary had. Positions first: on an idle PostgreSQL primary the metric grows to
 * five minutes and means nothing. Of a primary that is silent, what it said last counts, and the heartbeat less the
 * silence: what it did after its last sign of life nobody here can know.
 */
export function lagOf(node: Node, primary: Node | null): Lag {
  const look = node.look?.reachable === true ? node.look : null;
  const source = primary?.look?.reachable === true ? primary.look : null;
  if (look !== null) {
    const end = source === null ? look.sourceWritten : source.written;
    if (hasAll(look.applied, end) === true) return { known: true, seconds: 0, by: "positions" };
    const seconds = heartbeatLag(look, source === null);
    if (seconds !== null) return { known: true, seconds, by: "heartbeat" };
  }
  return lagByMetric(node, primary);
}

function heartbeatLag(
  { heartbeatAgeSeconds: age, silentSeconds: silent }: NodeLook,
  sourceIsSilent: boolean,
) {
  if (age === null) return null;
  if (!sourceIsSilent) return age;
  return silent === null ? null : Math.max(0, age - silent);
}

/** As CloudWatch has it, where that says anything. */
export function lagByMetric(node: Node, primary: Node | null): Lag {
  const { lag, id, look } = node;
  if (lag === null) return { known: false, because: `no lag of ${id} could be read` };
  const ended = lagAtTheEnd(node, primary);
  if (ended !== null) return { known: true, seconds: ended, by: "metric" };
  if (lag.seconds < 0) {
    return {
      known: false,
      because: `the metric of ${id} says ${lag.seconds}, which means that it does not replicate`,
    };
  }
  if (lag.ageSeconds > freshSeconds) {
    return { known: false, because: `the newest lag of ${id} is ${Math.round(lag.ageSeconds)} s old` };
  }
  if (look?.reachable === true && hasAll(look.applied, look.received) === false && lag.seconds === 0) {
    return { known: false, because: `the metric of ${id} says 0 while it has not applied what it received` };
  }
  return { known: true, seconds: lag.seconds, by: "metric" };
}

/** CloudWatch counts in minutes. */
const minute = 60;

/**
 * A lag that grows because nothing comes from a dead primary is the outage, and no lag: what stood there before counts,
 * where the replica applied all that it received, and no client was seen on the primary after the minute in which its
 * stream ended. Clients after it wrote what this replica never got; what they wrote within that minute nobody watched,
 * so it counts.
 */
export function lagAtTheEnd({ lag, look }: Node, primary: Node | null): number | null {
  const before = lag?.before ?? null;
  const lastClient = primary?.activity?.busyAgeSeconds ?? null;
  if (before === null || lastClient === null || primary?.look?.reachable !== false) return null;
  const drained = look?.reachable === true && look.receiving === false && look.applying !== false;
  if (!drained || hasAll(look.applied, look.received) !== true) return null;
  return lastClient >= before.ageSeconds - minute ? before.seconds + minute : null;
}
