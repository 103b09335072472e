import type { FailoverRun } from "../contract/failover.ts";
import type { Loss } from "../contract/failover-loss.ts";
import { type FailoverTopology, type Node, nodeOf } from "../contract/failover-topology.ts";
import { countText, duration, list } from "../text/wording.ts";
import { type Lag, lagAtTheEnd, lagOf } from "./lag.ts";
import { behind, hasAll } from "./positions.ts";

const nothing = { bytes: 0, transactions: 0, seconds: 0, rows: 0 };

/** What acknowledged writes the new writer may lack; measured just before the call that cannot be taken back. */
export function lossOf(run: FailoverRun, topology: FailoverTopology): Loss {
  switch (run.method) {
    case "fail-over-cluster":
      return topology.kind === "aurora"
        ? { ...nothing, because: "readers and writer share one volume" }
        : { ...nothing, because: "a commit waits for one of the two readers" };
    case "reboot-with-failover":
      return { ...nothing, because: "the standby is written to before a commit is answered" };
    case "switch-over-global":
      return { ...nothing, because: "a switchover waits until both sides are the same" };
    default:
      return ofStream(run, topology);
  }
}

function ofStream(run: FailoverRun, topology: FailoverTopology): Loss {
  const candidate = nodeOf(topology, run.candidate);
  const old = nodeOf(topology, run.oldPrimary);
  const applied = candidate?.look?.applied ?? null;
  // A fenced primary writes no more: whoever has all of it lacks nothing.
  if (run.fencedBy === "door" && hasAll(applied, run.goal) === true) {
    return {
      ...nothing,
      because: `${run.candidate} applied all that the fenced ${run.oldPrimary} had written`,
    };
  }
  const lag = candidate === null ? null : lagOf(candidate, old);
  const gap = behind(applied, run.goal ?? candidate?.look?.sourceWritten ?? null);
  const whole = run.goal !== null && run.goal.kind !== "binlog";
  return {
    ...(lag !== null && isUpper(lag, candidate, old) ? { atMost: true } : {}),
    ...(whole ? { whole } : {}),
    // Of a primary that nobody could ask this is what it had last said: the least that is lost.
    bytes: gap?.bytes ?? null,
    transactions: gap?.transactions ?? null,
    seconds: lag?.known === true ? lag.seconds : null,
    rows: null,
    because:
      run.goal === null
        ? `${run.oldPrimary} could not be asked: what it took after its last sign of life${silence(candidate)} is not known`
        : `${run.candidate} had not applied everything`,
  };
}

/** Of one that died it is the outage; whom only our way did not reach may have served all that time. */
function silence(candidate: Node | null): string {
  const seconds = candidate?.look?.silentSeconds ?? null;
  return seconds === null ? "" : `, ${duration(seconds)} before,`;
}

/** The minute in which a stream ended is counted whole; what a living primary's heartbeat says was older when it came. */
function isUpper(lag: Lag, candidate: Node | null, old: Node | null): boolean {
  if (!lag.known) return false;
  if (lag.by === "heartbeat") return old?.look?.reachable === true;
  return lag.by === "metric" && candidate !== null && lagAtTheEnd(candidate, old) !== null;
}

/** What was measured, by one that took writes since: the least that is lost, and never nothing. */
export function moreThan(loss: Loss | null, because: string): Loss {
  const least = (known: number | null | undefined) => known || null;
  const { bytes, transactions, seconds, rows, atMost } = loss ?? {};
  return {
    ...{ bytes: least(bytes), transactions: least(transactions), rows: least(rows) },
    ...{ seconds: atMost ? null : least(seconds), because },
  };
}

/** Why what was measured is the least, of an old primary that was seen to take writes since. */
export function tookWrites(node: string): string {
  return `${node} took writes, or may have, after it was measured`;
}

/** The same of one that people may have gone on to serve from. */
export function tookSince(node: string, at: string, to: string): string {
  return `what ${node} took since the call of ${at} ${to} never got`;
}

/** It is written down of it that it took writes after the call, or may have. */
export function saysThatItTook({ because }: Loss, node: string): boolean {
  return because === tookWrites(node) || because.startsWith(`what ${node} took since the call of `);
}

/** Somebody's writes were given up by name, which says more than that nobody knows. */
export function saysGivenUp({ because }: Loss): boolean {
  return because.endsWith(" never got");
}

/** "nothing", "at least 3,120 bytes, up to 1 min", "unknown". */
export function lossText(loss: Loss | null): string {
  if (loss === null) return "unknown";
  const { bytes, transactions, seconds, rows, because, atMost, whole } = loss;
  const all = [bytes, transactions, seconds, rows];
  if (all.every((part) => part === 0)) return `nothing: ${because}`;
  const known = all.filter((part) => part !== null);
  if (known.length > 0 && known.every((part) => part === 0)) return `nothing that is known of: ${because}`;
  const amounts = [
    ...(bytes === null ? [] : [countText(bytes, "byte")]),
    ...(transactions === null ? [] : [countText(transactions, "transaction")]),
    ...(rows === null ? [] : [countText(rows, "row")]),
  ];
  const time = seconds === null ? [] : [duration(seconds)];
  const least = [...(whole ? [] : amounts), ...(atMost ? [] : time)];
  const parts = [
    ...(whole ? amounts : []),
    ...(least.length === 0 ? [] : [`at least ${list(least)}`]),
    ...(atMost ? time.map((text) => `up to ${text}`) : []),
  ];
  return parts.length === 0 ? `unknown: ${because}` : `${parts.join(", ")}: ${because}`;
}

/** Rows of the heartbeat table that the old primary had and the new writer lacks, once both can be asked. */
export function lostRows(
  topology: FailoverTopology,
  run: Pick<FailoverRun, "oldPrimary" | "candidate">,
): number | null {
  const before = nodeOf(topology, run.oldPrimary)?.look?.heartbeatRows ?? null;
  const after = nodeOf(topology, run.candidate)?.look?.heartbeatRows ?? null;
  return before === null || after === null ? null : Math.max(0, before - after);
}
