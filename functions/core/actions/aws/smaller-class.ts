import type { Changeable } from "../../change-ports.ts";
import { steadyStorageOf } from "../../context/class-limits.ts";
import { isBurstable, memoryOf, vcpusOf } from "../../context/instance-class.ts";
import { sizeUnitsOf } from "../aws-calls/class-sizes.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Check } from "../steps.ts";
import { dayPeak, fitting, mostPercent, type Need, peakUnknown, type Wanted } from "./day-peak.ts";
import { memoryLimits, type Sizes } from "./memory-limits.ts";
import { memoryNeed, mibText } from "./memory-need.ts";
import { classMoved, sharers, unsteady } from "./steady-day.ts";

const always: readonly Wanted[] = [
  { name: "cpu", metrics: ["CPUUtilization"], extreme: "Maximum" },
  { name: "connections", metrics: ["DatabaseConnections"], extreme: "Maximum" },
  { name: "free", metrics: ["FreeableMemory"], extreme: "Minimum" },
];
const ofStorage: readonly Wanted[] = [
  { name: "iops", metrics: ["ReadIOPS", "WriteIOPS"], extreme: "Maximum" },
  { name: "bytes", metrics: ["ReadThroughput", "WriteThroughput"], extreme: "Maximum" },
];

interface Between {
  readonly from: string;
  readonly to: string;
}

/** A class with less, which the last 24 hours have to fit; null: it has as much, or they do. */
export async function tooSmall(
  world: AwsWorld,
  { from, to }: Between,
  state: Changeable,
): Promise<Check | null> {
  if (hasAsMuch(from, to)) return null;
  const sizes = sizesOf(from, to);
  if (typeof sizes === "string") return peakUnknown(state.id, sizes);
  const isAurora = world.target.flavour === "aurora";
  const storage = isAurora ? null : steadyStorageOf(to);
  if (!isAurora && storage === null)
    return peakUnknown(state.id, `what ${to} passes to storage is not known`);
  const whole = await sharers(world, state);
  if (typeof whole === "string") return peakUnknown(state.id, whole);
  const ids = whole.kind === "cluster" ? whole.members : [state.id];
  const instances = ids.map((id) => ({ kind: "instance" as const, id }));
  const moved = await unsteady(
    world,
    whole.kind === "cluster" ? [whole, ...instances] : instances,
    classMoved,
    1,
  );
  if (moved !== null) return peakUnknown(state.id, moved);
  const seen = await dayPeak(world, ids, [...always, ...(storage === null ? [] : ofStorage)]);
  if (seen.kind === "not-seen") return peakUnknown(state.id, seen.because);
  const limits = await memoryLimits(world, state, sizes);
  if (typeof limits === "string") return peakUnknown(state.id, limits);
  const peak = (name: string) => seen.worst.get(name) ?? Number.POSITIVE_INFINITY;
  // A share of whatever class it had then: of what was before a growth that counts for more, never for less.
  const cpu = (peak("cpu") * sizes.vcpus.from) / 100;
  return fitting(to, [
    need("CPU", `${Math.round(peak("cpu"))} % of ${sizes.vcpus.from} vCPUs`, cpu, sizes.vcpus.to, " vCPUs"),
    need("connections", `${peak("connections")}`, peak("connections"), limits.connections, ""),
    memoryNeed(from, peak("free"), sizes, limits),
    ...(storage === null
      ? []
      : [
          need("IOPS", `${Math.round(peak("iops"))}`, peak("iops"), storage.iops, ""),
          need(
            "throughput",
            mibText(peak("bytes")),
            peak("bytes"),
            storage.bytes,
            "",
            mibText(storage.bytes),
          ),
        ]),
  ]);
}

function need(
  what: string,
  had: string,
  peak: number,
  left: number,
  unit: string,
  text = `${left}${unit}`,
): Need {
  return { says: `${what} ${had}, and at most ${mostPercent} % of ${text}`, peak, left, mostPercent };
}

function hasAsMuch(from: string, to: string): boolean {
  const family = (name: string) => name.replace(/\.[^.]*$/, "");
  const [units, more] = [sizeUnitsOf(from), sizeUnitsOf(to)];
  if (family(from) === family(to) && units !== null && more !== null) return more >= units;
  const sizes = sizesOf(from, to);
  if (typeof sizes === "string") return false;
  return sizes.vcpus.to >= sizes.vcpus.from && sizes.memory.to >= sizes.memory.from;
}

function sizesOf(from: string, to: string): Sizes | string {
  if (isBurstable(to)) return `${to} lives on CPU credits: what it gives all day is less than its vCPUs`;
  const [vcpus, fewer] = [vcpusOf(from), vcpusOf(to)];
  const [memory, less] = [memoryOf(from), memoryOf(to)];
  if (vcpus === null || fewer === null || memory === null || less === null)
    return `how much ${from} and ${to} have is not known here`;
  return { vcpus: { from: vcpus, to: fewer }, memory: { from: memory, to: less } };
}
