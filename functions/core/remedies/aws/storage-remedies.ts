import { growStorageOffer } from "../../actions/aws/grow-storage.ts";
import { tuneStorageOffer } from "../../actions/aws/tune-storage.ts";
import {
  autoscalingLimit,
  grownGib,
  ioAlong,
  largestGib,
  stripedFromGib,
  type Volume,
} from "../../actions/aws-calls/storage-limits.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { selfOf } from "../../facts/rds-facts.ts";
import { storageChangeRefused } from "../../facts/storage-changes.ts";
import { fallPerSecond, spaceOf } from "../../facts/storage-space.ts";
import type { View } from "../../facts/view.ts";
import { duration } from "../../text/wording.ts";
import {
  type Asked,
  type AwsRemedy,
  askTable,
  callOf,
  offerCall,
  pendingText,
  showCalls,
  shownNow,
  withholdCall,
} from "./aws-proposal.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html */
export function growStorage(
  view: View,
  { stopped = false }: { readonly stopped?: boolean } = {},
): readonly ProposedAction[] {
  return changeVolume(view, "grow-storage", ({ allocatedGib }) => {
    const sizeGib = grownGib(allocatedGib);
    if (sizeGib === null) return `its volume has ${allocatedGib} GiB of the ${largestGib} that there can be`;
    const gained = secondsGained(view, sizeGib - allocatedGib);
    if (!stopped && gained !== null && gained < shortSeconds) return tooShort(sizeGib - allocatedGib, gained);
    const also = gained === null || gained > daySeconds ? "" : gainText(gained);
    return {
      sizeGib,
      does: `grow the storage of ${nameOf(view)} from ${allocatedGib} to ${sizeGib} GiB`,
      also,
    };
  });
}

const gib = 1024 ** 3;
const daySeconds = 86_400;
/** It is the only change for hours: what lasts no longer than this takes it away from who comes then. */
const shortSeconds = 30 * 60;

/** How much later the volume is full for it, at the pace of the last minutes; null without one. */
function secondsGained(view: View, moreGib: number): number | null {
  const { free, left } = spaceOf(view);
  const pace = free === null || left === null ? null : fallPerSecond(free);
  return pace === null ? null : (moreGib * gib) / pace;
}

function gainText(seconds: number): string {
  return `At the pace of the last minutes it lasts ${duration(seconds)}: what fills it has to be ended as well.`;
}

function tooShort(moreGib: number, seconds: number): string {
  return `at the pace of the last minutes ${moreGib} GiB more last ${duration(seconds)}, and RDS then takes no further change of storage for hours; end first what fills it`;
}

/**
 * The same, where something else comes first: a larger volume never shrinks again. Where it is full `soon` that has no
 * time to come first, and is said beside the call.
 */
export function withheldStorage(
  view: View,
  because: string,
  { soon = false }: { readonly soon?: boolean } = {},
): readonly ProposedAction[] {
  return growStorage(view).map((action) => {
    const told = { ...action, consequence: `As well: ${because}. ${action.consequence}` };
    return !action.automatic ? action : soon ? told : withholdCall(action, because);
  });
}

/** What a change of the volume is meant to be: its size, and what differs from what the size alone asks for. */
export interface VolumeChange {
  readonly sizeGib: number;
  readonly does: string;
  readonly set?: Readonly<Partial<Record<"Iops" | "StorageThroughput", number>>>;
  readonly type?: "gp3" | "io2";
  readonly also?: string;
}

type Known = Volume & { readonly allocatedGib: number };

/** Every change of a volume: refused now, or by what is not known of it, or shown with what has to go along. */
export function changeVolume(
  view: View,
  purpose: "grow-storage" | "tune-storage",
  plan: (volume: Known) => VolumeChange | string,
): readonly ProposedAction[] {
  const asked = askTable(view, purpose);
  if (asked.is === "none") return [];
  const grows = purpose === "grow-storage";
  const does = `${grows ? "grow" : "change"} the storage of ${nameOf(view)}`;
  const withheld = (because: string) => [withholdCall(remedyOf(does, afterwards(view), grows), because)];
  if (asked.is === "unknown") return withheld(asked.because);
  const volume = selfOf(view)?.storage ?? null;
  if (volume === null || volume.allocatedGib === null) {
    return withheld("the size of its volume could not be seen, and the call names the new one");
  }
  const known = { ...volume, allocatedGib: volume.allocatedGib };
  const change = plan(known);
  if (typeof change === "string") return withheld(change);
  const refused = storageChangeRefused(view);
  return refused === null ? [shown(view, asked, known, change)] : withheld(refused);
}

function shown(
  view: View,
  asked: Extract<Asked, { is: "call" }>,
  volume: Known,
  change: VolumeChange,
): ProposedAction {
  const copied = volume.allocatedGib < stripedFromGib && change.sizeGib >= stripedFromGib;
  const remedy = remedyOf(
    change.does,
    `${(change.also ?? "") === "" ? "" : `${change.also} `}${copied ? copies : ""}${afterwards(view)}${pendingText(view, asked)}`,
    change.sizeGib > volume.allocatedGib,
  );
  const along =
    change.set?.Iops === undefined
      ? ioAlong({ ...volume, type: change.type ?? volume.type }, change.sizeGib)
      : {};
  if (typeof along === "string") return withholdCall(remedy, along);
  const io = { ...along, ...change.set };
  // "You can't modify the throughput value" of a Multi-AZ DB cluster: it follows the IOPS.
  // It has no autoscaling either.
  const set: Along =
    asked.row.whose === "cluster" ? onlyIops(io) : { ...io, ...limitAlong(view, change.sizeGib) };
  const { type, sizeGib } = change;
  const typed = type === undefined ? {} : { StorageType: type };
  const call = callOf(asked, { ...typed, AllocatedStorage: sizeGib, ...set, ApplyImmediately: true });
  const input = {
    ...shownNow(view, asked),
    ...{ fromGib: volume.allocatedGib, sizeGib },
    ...(type === undefined ? {} : { type }),
    ...(set.Iops === undefined ? {} : { iops: set.Iops }),
    ...(set.StorageThroughput === undefined ? {} : { throughputMibps: set.StorageThroughput }),
    ...(set.MaxAllocatedStorage === undefined ? {} : { limitGib: set.MaxAllocatedStorage }),
  };
  const grows = sizeGib > volume.allocatedGib;
  const offering = {
    ...{ offer: grows ? growStorageOffer : tuneStorageOffer, input },
    purpose: grows ? "grow-storage" : "tune-storage",
  } as const;
  return offerCall(view, remedy, offering, showCalls(view, remedy, [call]));
}

interface Along {
  readonly Iops?: number;
  readonly StorageThroughput?: number;
  readonly MaxAllocatedStorage?: number;
}

function onlyIops({ Iops }: Along): Along {
  return Iops === undefined ? {} : { Iops };
}

/** A limit of autoscaling that the new size leaves behind would be refused with it. */
function limitAlong(view: View, sizeGib: number): Along {
  const limit = selfOf(view)?.storage?.limitGib ?? null;
  if (limit === null || limit >= sizeGib * autoscalingLimit.least) return {};
  return { MaxAllocatedStorage: Math.min(largestGib, Math.ceil(sizeGib * autoscalingLimit.recommended)) };
}

function nameOf({ evidence }: View): string {
  return evidence.target.name;
}

const copies =
  "It crosses 400 GiB, from one volume to four: all data is copied, which takes hours of `modifying` and much of the I/O that there is. ";

function afterwards({ evidence }: View): string {
  const ask =
    evidence.target.clusterId === null
      ? ` (aws rds describe-valid-db-instance-modifications --db-instance-identifier ${evidence.target.name} tells what it takes)`
      : "";
  return `No downtime; it may be slower while it is optimized, minutes to more than a day, and until then RDS takes no further change of storage${ask}; four in 24 hours at the most.`;
}

/**
 * No call makes a volume smaller: what it costs more it costs until all data has been moved to another.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html
 */
function remedyOf(describes: string, consequence: string, grows: boolean): AwsRemedy {
  const of = { id: "grow-storage", spec: ["A23"], describes };
  return grows
    ? { ...of, risk: "irreversible", consequence: `${consequence} Storage cannot shrink again.` }
    : { ...of, id: "tune-storage", risk: "disruptive", consequence };
}
