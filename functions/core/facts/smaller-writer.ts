import { vcpusOf } from "../context/instance-class.ts";
import type { Member } from "../contract/topology.ts";
import { movedHere } from "./failover-events.ts";
import { metricFact } from "./metric-facts.ts";
import { onsetOf } from "./onset.ts";
import { eventsOf, othersOf, percentText, selfOf } from "./rds-facts.ts";
import { isSmallerClass } from "./smaller-class.ts";
import type { View } from "./view.ts";

/** A failover within a day that left the load to a smaller instance. */
export interface SmallerWriter {
  /** One that is as large as the former writer: as a rule that one itself. */
  readonly former: Member;
  readonly from: string;
  readonly to: string;
  /** ISO 8601: when it had ended. */
  readonly at: string;
}

/** Null too where it cannot be told which member was the writer, or what its class has. */
export function smallerWriter(view: View): SmallerWriter | null {
  const moved = movedHere(view);
  const to = selfOf(view)?.instanceClass ?? null;
  const former = moved === null ? null : formerWriter(view, moved.at);
  const from = former?.instanceClass ?? null;
  if (moved === null || former === null || from === null || to === null || isSmallerClass(from, to) !== true)
    return null;
  return { former, from, to, at: moved.at };
}

const minuteMs = 60_000;
/** What was the writer restarts as a reader. */
const aroundMs = 10 * minuteMs;

function formerWriter(view: View, at: string): Member | null {
  const there = othersOf(view).filter(
    ({ role, createdAt }) => role === "reader" && (createdAt == null || createdAt < at),
  );
  const restarted = there.filter(({ id }) =>
    eventsOf(view, id, 24 * 60).some(
      (event) =>
        /restarted|shutdown/i.test(event.message) &&
        Math.abs(Date.parse(event.at) - Date.parse(at)) <= aroundMs,
    ),
  );
  const candidates = restarted.length > 0 ? restarted : there;
  const [first] = candidates;
  // Of several that are alike it does not matter which one it was.
  return candidates.every(({ instanceClass }) => instanceClass === first?.instanceClass)
    ? (first ?? null)
    : null;
}

/** Whether the CPU became busy with it, as far as that can be told: not where it was so while this was a reader. */
export function isBusySince(view: View, { at }: SmallerWriter): boolean {
  const onset = onsetOf(view, "cpu");
  return onset === null || onset.at >= Date.parse(at) - aroundMs;
}

/** "db.r6g.large (2 vCPUs)". */
export function sizeText(instanceClass: string): string {
  const vcpus = vcpusOf(instanceClass);
  return vcpus === null ? instanceClass : `${instanceClass} (${vcpus} vCPUs)`;
}

/** "loyalty-main, available, CPU 4 %"; what was not seen of it is said. */
export function formerText(view: View, { former }: SmallerWriter): string {
  const cpu = metricFact(view, "CPUUtilization", former.id);
  return `${former.id}, ${former.status ?? "its status not seen"}, ${cpu === null ? "its CPU not seen" : `CPU ${percentText(cpu.latest)}`}`;
}
