import type { Changeable } from "../../change-ports.ts";
import { list } from "../../text/wording.ts";
import type { AwsWorld } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import type { Check, TakesBack } from "../steps.ts";
import { dayPeak, fitting, mostPercent, type Need, peakUnknown, type Wanted } from "./day-peak.ts";
import { type StorageInput, storageValues } from "./storage-values.ts";

const mib = 1024 ** 2;

/** IOPS and throughput as they were. A volume cannot shrink, and from another type there is no way back by these alone. */
export function storageBack(input: StorageInput, before: Changeable | null): TakesBack {
  const { of, resourceId, fromGib, sizeGib, type, iops, throughputMibps } = input;
  const had = { iops: before?.has["Iops"], throughputMibps: before?.has["StorageThroughput"] };
  const isSame = type === undefined || type === before?.has["StorageType"];
  const back = {
    ...(iops !== undefined && typeof had.iops === "number" && had.iops < iops ? { iops: had.iops } : {}),
    ...(throughputMibps !== undefined &&
    typeof had.throughputMibps === "number" &&
    had.throughputMibps < throughputMibps
      ? { throughputMibps: had.throughputMibps }
      : {}),
  };
  if (before === null || !isSame || fromGib !== sizeGib || Object.keys(back).length === 0) return null;
  const takesBack = {
    ...(iops === undefined ? {} : { iops }),
    ...(throughputMibps === undefined ? {} : { throughputMibps }),
  };
  return { actionId: "tune-storage", input: { of, resourceId, fromGib, sizeGib, ...back, takesBack } };
}

/**
 * What is below what is there by now was worked out from what was there before; only what takes back what it still has
 * may lower it, and then not below the last 24 hours.
 */
export async function lowered(
  world: AwsWorld,
  input: StorageInput,
  { id, kind, members, has }: Changeable,
): Promise<Check | null> {
  const less = Object.entries(storageValues(input)).flatMap(([name, value]) => {
    const now = has[name];
    return typeof value === "number" && typeof now === "number" && value < now ? [{ name, now, value }] : [];
  });
  if (less.length === 0) return null;
  const still: Readonly<Record<string, unknown>> = {
    ...{ Iops: input.takesBack?.iops, StorageThroughput: input.takesBack?.throughputMibps },
  };
  const other = less.filter(({ name, now }) => still[name] !== now);
  if (other.length > 0) {
    const told = other.map(({ name, now, value }) => `${name} from ${now} to ${value}`);
    return refuse("state-changed", `By now it would lower ${list(told)} of ${input.of}.`, looksAgain);
  }
  const ids = kind === "cluster" ? members : [id];
  const seen = await dayPeak(
    world,
    ids,
    less.flatMap(({ name }) => wanted[name] ?? []),
  );
  if (seen.kind === "not-seen") return peakUnknown(id, seen.because);
  const needs = less.map(({ name, value }): Need => {
    const peak = seen.worst.get(name) ?? Number.POSITIVE_INFINITY;
    return name === "Iops"
      ? {
          says: `IOPS ${Math.round(peak)}, and at most ${mostPercent} % of ${value}`,
          peak,
          left: value,
          mostPercent,
        }
      : {
          says: `throughput ${Math.round(peak / mib)} MiB/s, and at most ${mostPercent} % of ${value}`,
          ...{ peak, left: value * mib, mostPercent },
        };
  });
  return fitting(less.map(({ name, value }) => `${name} ${value}`).join(" and "), needs);
}

const wanted: Readonly<Record<string, Wanted>> = {
  Iops: { name: "Iops", metrics: ["ReadIOPS", "WriteIOPS"], extreme: "Maximum" },
  StorageThroughput: {
    ...{ name: "StorageThroughput", metrics: ["ReadThroughput", "WriteThroughput"], extreme: "Maximum" },
  },
};
