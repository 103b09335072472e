import {
  gp2IopsPerGib,
  gp2Throughput,
  gp3,
  leastIncrease,
  provisioned,
  stripedFromGib,
} from "../../actions/aws-calls/storage-limits.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { classLimitsOf } from "../../facts/class-limits.ts";
import { clusterIdOf } from "../../facts/database-kind.ts";
import type { StorageSign } from "../../facts/io-pressure.ts";
import { selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { changeVolume, type VolumeChange } from "./storage-remedies.ts";

/**
 * By the sign that fired. Requests that are slow although the volume is under its limits need no larger limits: that
 * is the class's own bandwidth, or the work that is asked of it.
 */
export function relieveStorage(view: View, sign: StorageSign): readonly ProposedAction[] {
  switch (sign) {
    case "iops":
      return [...raise(view, "operations"), ...(passesMore(view) ? growToStripes(view) : [])];
    case "throughput":
      return [...raise(view, "throughput"), ...growToStripes(view)];
    case "latency":
    case "waits":
      return [];
    default:
      return sign satisfies never;
  }
}

type Asked = "operations" | "throughput";

/** What is bought for the volume and its class does not pass is bought for nothing. */
const worthIt = 1.5;

/** Of operations a second, what the class passes for longer than half an hour a day; null where that is not known. */
function passedByClass(view: View): number | null {
  const limits = classLimitsOf(view);
  return limits === null ? null : limits.bursts ? limits.baselineIops : limits.storageIops;
}

/** No more operations than the class passes; where throughput is short, they only go along with it. */
function passable(view: View, what: Asked, iops: number): number {
  return what === "throughput" ? iops : Math.min(iops, passedByClass(view) ?? iops);
}

function provisionedIops(view: View): number {
  const { type = null, allocatedGib = null, iops = null } = selfOf(view)?.storage ?? {};
  return type === "gp3" && (allocatedGib ?? 0) < stripedFromGib ? gp3.small.iops : (iops ?? 0);
}

function passesMore(view: View): boolean {
  const passed = passedByClass(view);
  return passed === null || passed >= worthIt * provisionedIops(view);
}

function classFirst(view: View): string {
  const limits = classLimitsOf(view);
  const long = limits?.bursts ? " for longer than half an hour a day" : "";
  return `its class ${limits?.name ?? ""} itself passes ${passedByClass(view)} operations a second${long}, and the volume has ${provisionedIops(view)}: more of them would wait at the class; first see what asks for so much, and whether a larger class, whose memory holds more of it, is wanted`;
}

function raise(view: View, what: Asked): readonly ProposedAction[] {
  return changeVolume(view, "tune-storage", (volume) => {
    if (what === "operations" && volume.type !== "gp2" && !passesMore(view)) return classFirst(view);
    switch (volume.type) {
      case "gp2":
        return asGp3(volume);
      case "gp3":
        return moreOfGp3(view, volume, what);
      case "io1":
      case "io2":
        return moreProvisioned(view, volume, volume.type, what);
      default:
        return `what a volume of ${volume.type === null ? "a type that could not be seen" : `type ${volume.type}`} can be given is not known`;
    }
  });
}

function moreOfGp3(view: View, volume: Sized, what: Asked): VolumeChange | string {
  const { allocatedGib } = volume;
  if (allocatedGib < stripedFromGib) return beyondSmallGp3(view, what, allocatedGib);
  // A Multi-AZ DB cluster sets the throughput by the IOPS.
  return what === "operations" || clusterIdOf(view) !== null
    ? moreIops(volume, passable(view, what, Math.min(gp3.mostIops, gp3.mostIopsPerGib * allocatedGib)))
    : moreThroughput(volume);
}

function moreProvisioned(view: View, volume: Sized, type: "io1" | "io2", what: Asked): VolumeChange | string {
  const { iopsPerGib, mostIops } = provisioned[type];
  const most = Math.min(mostIops, Math.floor(iopsPerGib.most * volume.allocatedGib));
  const atMost = (volume.iops ?? 0) * leastIncrease > most;
  return type === "io1" && atMost
    ? asIo2(view, what, volume.allocatedGib, volume.iops ?? most)
    : moreIops(volume, passable(view, what, most));
}

interface Sized {
  readonly type: string | null;
  readonly allocatedGib: number;
  readonly iops: number | null;
  readonly throughputMibps: number | null;
}

function moreIops({ allocatedGib, iops }: Sized, most: number): VolumeChange | string {
  if (iops === null) return "its provisioned IOPS could not be seen";
  const wanted = Math.min(most, Math.ceil((iops * 1.5) / 1000) * 1000);
  if (wanted < iops * leastIncrease) {
    return `it has ${iops} of the ${most} IOPS that a volume of ${allocatedGib} GiB can have`;
  }
  return {
    sizeGib: allocatedGib,
    set: { Iops: wanted },
    does: `raise its provisioned IOPS from ${iops} to ${wanted}`,
    also: "Costs more.",
  };
}

/** At most a quarter of a MiB/s for each operation a second: beyond that IOPS are raised with it. */
function moreThroughput({ allocatedGib, iops, throughputMibps }: Sized): VolumeChange | string {
  if (throughputMibps === null || iops === null) return "its provisioned throughput could not be seen";
  const wanted = Math.min(gp3.mostThroughputMibps, Math.ceil((throughputMibps * 1.5) / 25) * 25);
  if (wanted <= throughputMibps) return `it has the ${throughputMibps} MiB/s that there can be`;
  return {
    sizeGib: allocatedGib,
    set: { Iops: Math.max(iops, Math.ceil(wanted / gp3.throughputPerIops)), StorageThroughput: wanted },
    does: `raise its provisioned throughput from ${throughputMibps} to ${wanted} MiB/s`,
    also: "Costs more.",
  };
}

/**
 * What four volumes give is in the price of their size: cheaper than io2 and never to be taken back.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
 */
function growToStripes(view: View): readonly ProposedAction[] {
  const { type, allocatedGib } = selfOf(view)?.storage ?? { type: null, allocatedGib: null };
  if (type !== "gp3" || allocatedGib === null || allocatedGib >= stripedFromGib) return [];
  const { iops, throughputMibps } = gp3.striped;
  return changeVolume(view, "grow-storage", () => ({
    sizeGib: Math.max(stripedFromGib, Math.ceil(allocatedGib * leastIncrease)),
    does: `grow the storage of ${view.evidence.target.name} from ${allocatedGib} GiB to where gp3 has ${iops} IOPS and ${throughputMibps} MiB/s without paying for them`,
    also: "Cheaper than io2, and slower to come.",
  }));
}

/** gp3 under 400 GiB has 3,000 IOPS and 125 MiB/s, and neither can be raised. */
function beyondSmallGp3(view: View, what: Asked, allocatedGib: number): VolumeChange | string {
  if (allocatedGib < provisioned.io2.leastGib) {
    return `gp3 under ${stripedFromGib} GiB has ${gp3.small.iops} IOPS and ${gp3.small.throughputMibps} MiB/s, which cannot be raised; more take ${stripedFromGib} GiB, or io2 from ${provisioned.io2.leastGib} GiB on`;
  }
  return asIo2(view, what, allocatedGib, gp3.small.iops * 2);
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#USER_PIOPS.io2: not in China. */
function asIo2(view: View, what: Asked, allocatedGib: number, iops: number): VolumeChange | string {
  if (view.evidence.target.region?.startsWith("cn-") === true)
    return "io2 does not exist in the Regions of China";
  const { mostIops, iopsPerGib } = provisioned.io2;
  const most = Math.min(mostIops, iopsPerGib.most * allocatedGib);
  const more = Math.min(passable(view, what, most), Math.ceil((iops * 1.5) / 1000) * 1000);
  const wanted = Math.max(more, Math.min(what === "operations" ? provisionedIops(view) : iops, most));
  return {
    sizeGib: allocatedGib,
    type: "io2",
    set: { Iops: wanted },
    does: `change its volume to io2 with ${wanted} IOPS: this type and size have no more to give`,
    also: "Costs much more, by the operations provisioned.",
  };
}

/** The I/O credits of gp2 are used up: gp3 has none, and no less than gp2 gives at its best. */
export function leaveBurstCredits(view: View): readonly ProposedAction[] {
  return changeVolume(view, "tune-storage", (volume) =>
    volume.type === "gp2" ? asGp3(volume) : `its storage type is ${volume.type ?? "not known"}, not gp2`,
  );
}

function asGp3({ allocatedGib }: Sized): VolumeChange {
  const striped = allocatedGib >= stripedFromGib;
  const iops = striped
    ? Math.min(gp3.mostIops, Math.max(gp3.striped.iops, gp2IopsPerGib * allocatedGib))
    : gp3.small.iops;
  const throughput = striped ? gp2Throughput.stripedMibps : gp3.small.throughputMibps;
  return {
    sizeGib: allocatedGib,
    type: "gp3",
    ...(striped ? { set: { Iops: iops, StorageThroughput: throughput } } : {}),
    does: `change its volume from gp2 to gp3: ${iops} IOPS at all times, without credits`,
    also: striped
      ? "Costs about as much."
      : `Costs about as much. gp3 of this size has ${throughput} MiB/s, gp2 up to ${gp2Throughput.smallMibps}: wrong where large reads are the load.`,
  };
}
