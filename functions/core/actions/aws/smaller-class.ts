import type { Changeable } from "../../change-ports.ts";
import { steadyStorageOf } from "../../context/class-limits.ts";
import { isBurstable, memoryOf, vcpusOf } from "../../context/instance-class.ts";
import { sizeUnitsOf } from "../aws-calls/class-sizes.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Check } from "../steps.ts";
import { dayPeak, fitting, mostPercent, type Need, peakUnknown, type Wanted } from "./day-peak.ts";
import { membersGone } from "./members-gone.ts";
import { memoryLimits, type Sizes } from "./memory-limits.ts";
import { memoryNeed, mibText } from "./memory-need.ts";
import { classesOf, classMoved, type Of, sharers, unsteady } from "./steady-day.ts";

/**
 * Aurora's storage lies behind the network, for which no class has less than for EBS: what a class passes to that is the
 * smaller number, and the only one that is known.
 */
const wanted: readonly Wanted[] = [
  { name: "cpu", metrics: ["CPUUtilization"], extreme: "Maximum" },
  { name: "connections", metrics: ["DatabaseConnections"], extreme: "Maximum" },
  { name: "free", metrics: ["FreeableMemory"], extreme: "Minimum" },
  { name: "iops", metrics: ["ReadIOPS", "WriteIOPS"], extreme: "Maximum" },
  { name: "bytes", metrics: ["ReadThroughput", "WriteThroughput"], extreme: "Maximum" },
];

interface Between {
  readonly from: string;
  readonly to: string;
  /** When it grew, and how: the one change of class that may lie within the day. */
  readonly grew?: { readonly at: string; readonly from: string; readonly to: string };
}

/** A class with less, which the last 24 hours have to fit; null: it has as much, or they do. */
export async function tooSmall(world: AwsWorld, between: Between, state: Changeable): Promise<Check | null> {
  const { from, to } = between;
  if (hasAsMuch(from, to)) return null;
  const storage = steadyStorageOf(to);
  if (storage === null) return peakUnknown(state.id, `what ${to} passes to storage is not known`);
  const whole = await sharers(world, state);
  if (typeof whole === "string") return peakUnknown(state.id, whole);
  const isAurora = whole.kind === "cluster" && state.kind === "instance";
  const all = isAurora ? await classesOf(world, whole) : ofOne(whole, from);
  const moved = typeof all === "string" ? all : await notSteady(world, between, state, whole, all);
  if (typeof all === "string" || moved !== null) return peakUnknown(state.id, moved ?? "nobody is known");
  const needs: Need[] = [];
  // Each by what it is itself: a share of another class is another amount.
  for (const [own, of] of Map.groupBy(all, ({ instanceClass }) => instanceClass)) {
    const ids = of.map(({ id }) => id);
    const found = await needsOf(world, { from: own, to, ids, storage }, state);
    if (typeof found === "string") return peakUnknown(state.id, found);
    needs.push(...found);
  }
  return fitting(to, needs);
}

function ofOne({ kind, id, members }: Changeable, instanceClass: string): readonly Of[] {
  return (kind === "cluster" ? members : [id]).map((one) => ({ id: one, instanceClass }));
}

/** Null: the readings of the day are of those who are there now, as they are now. */
async function notSteady(
  world: AwsWorld,
  { from, to, grew }: Between,
  state: Changeable,
  whole: Changeable,
  all: readonly Of[],
): Promise<string | null> {
  const instances = all.map(({ id }) => ({ kind: "instance" as const, id }));
  const of = whole.kind === "cluster" ? [whole, ...instances] : instances;
  const isBack = grew !== undefined && grew.from === to && grew.to === from;
  const own = state.kind === "cluster" ? of.map(({ id }) => id) : [state.id];
  return (
    (await unsteady(world, of, classMoved, isBack ? { at: grew.at, of: own } : null)) ??
    (whole.kind === "cluster" && state.kind === "instance" ? await membersGone(world, whole) : null)
  );
}

interface Asked extends Omit<Between, "grew"> {
  readonly ids: readonly string[];
  readonly storage: NonNullable<ReturnType<typeof steadyStorageOf>>;
}

/** What these of one class needed of it; a string: why that is not known. */
async function needsOf(
  world: AwsWorld,
  { from, to, ids, storage }: Asked,
  state: Changeable,
): Promise<readonly Need[] | string> {
  const sizes = sizesOf(from, to);
  if (typeof sizes === "string") return sizes;
  const seen = await dayPeak(world, ids, wanted);
  if (seen.kind === "not-seen") return seen.because;
  const limits = await memoryLimits(world, state, sizes);
  if (typeof limits === "string") return limits;
  const peak = (name: string) => seen.worst.get(name) ?? Number.POSITIVE_INFINITY;
  // A share of whatever class it had then: of what was before a growth that counts for more, never for less.
  const cpu = (peak("cpu") * sizes.vcpus.from) / 100;
  const bytes = [mibText(peak("bytes")), mibText(storage.bytes)] as const;
  return [
    need("CPU", `${Math.round(peak("cpu"))} % of ${sizes.vcpus.from} vCPUs`, cpu, sizes.vcpus.to, " vCPUs"),
    need("connections", `${peak("connections")}`, peak("connections"), limits.connections, ""),
    memoryNeed(from, peak("free"), sizes, limits),
    need("IOPS", `${Math.round(peak("iops"))}`, peak("iops"), storage.iops, ""),
    need("throughput", bytes[0], peak("bytes"), storage.bytes, "", bytes[1]),
  ];
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
