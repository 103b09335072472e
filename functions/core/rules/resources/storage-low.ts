import type { Explanation } from "../../contract/explanation.ts";
import type { Severity } from "../../contract/finding.ts";
import { autoscalingText } from "../../facts/autoscaling-text.ts";
import { hasBinlogsOf } from "../../facts/binlog-space.ts";
import type { Blamed } from "../../facts/blamed-change.ts";
import { appliesNothing } from "../../facts/full-replica.ts";
import { largestTables } from "../../facts/largest-tables.ts";
import { bytesText, fromOutside, percentText, selfOf } from "../../facts/rds-facts.ts";
import { loggingChange, storageFillers } from "../../facts/storage-fillers.ts";
import { autoscalingOf, fullIn, paceText, type Space, spaceOf } from "../../facts/storage-space.ts";
import { type StorageTold, storageTold } from "../../facts/storage-told.ts";
import type { View } from "../../facts/view.ts";
import { largerSourceText, volumeSizeText } from "../../facts/volume-size.ts";
import { makeRoom } from "../../remedies/room-remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { clusterVolumeDraft, localStorageDraft, logVolumeDraft } from "./other-storage-draft.ts";
import { replicaStorageDrafts } from "./replica-storage-draft.ts";

const gib = 1024 ** 3;
/** Where the size of the volume is not known. */
const scarceBytes = 5 * gib;
const nearlyFullPercent = 3;
const soonSeconds = 3600;
const daySeconds = 86_400;
/** Until the next point of the metric. */
const nextLookSeconds = 120;

export const storageLow = defineRule({
  id: "storage-low",
  spec: ["D4", "M1", "M3"],
  category: "resources",
  title: "Storage is running out",
  needs: [
    "FreeStorageSpace",
    "FreeStorageSpaceLogVolume",
    "FreeLocalStorage",
    "AuroraVolumeBytesLeftTotal",
    "BinLogDiskUsage",
    "DescribeEvents",
    "postgres-top-statements",
    "mysql-statement-digests",
  ],
  evaluate: (view) => [
    ...volumeDraft(view),
    ...localStorageDraft(view),
    ...logVolumeDraft(view),
    ...clusterVolumeDraft(view),
    ...replicaStorageDrafts(view),
  ],
});

function volumeDraft(view: View): readonly FindingDraft[] {
  const space = spaceOf(view);
  const told = believed(view, space);
  const stopped = stoppedText(view, space, told);
  const severity = stopped !== null ? "P0" : severityOf(view, space, told);
  if (severity === null) return [];
  const grows = autoscalingOf(view, space);
  const binlogs = hasBinlogsOf(view, space);
  const fillers = binlogs === null ? storageFillers(view, space) : [binlogs];
  const logging = loggingChange(view, space);
  const stuck = autoscalingText(view, grows, told);
  const tables = largestTables(view);
  return [
    {
      subject: "",
      severity: grows === "ahead" && severity === "P2" ? "P3" : severity,
      confidence: fromOutside(view, space.share === null && told === null && stopped === null ? 0.7 : 0.9),
      summary: `${stopped ?? spaceText(view, space, told)}${stopped === null ? paceWarning(view, space) : ""}${stuck}${logging === null ? "" : `; ${logging.says}`}${fillers.map((one) => `; ${one}`).join("")}`,
      evidence: [
        ...(space.free === null ? [] : [{ source: space.free.id, says: paceText(space.free) }]),
        ...(told === null ? [] : [{ source: "DescribeEvents", says: `${told.at} ${told.message}` }]),
        ...(logging === null ? [] : [sourceOf(logging)]),
        ...(tables === null ? [] : [{ source: "postgres-tables", says: tables }]),
      ],
      explains: explained(view, space, stopped !== null),
      actions: makeRoom(view, { severity, logging, binlogs: binlogs !== null }),
    },
  ];
}

function sourceOf({ change, advice }: Blamed): FindingDraft["evidence"][number] {
  return { source: change.source, says: `${change.at} ${change.says}: ${advice}` };
}

/** Space that was seen free after the event was freed or added since: what RDS said is history then. */
function believed(view: View, { free, share }: Space): StorageTold | null {
  const told = storageTold(view);
  if (told === null || free === null || free.at < told.at) return told;
  const plenty = share === null ? free.latest > scarceBytes : share > view.thresholds.storageFreePercent;
  return plenty ? null : told;
}

/** A server that answers an hour after it was told full has got space again, of which nobody told. */
const fullMinutes = 60;

function stoppedText(view: View, { free, share }: Space, told: StorageTold | null): string | null {
  if (selfOf(view)?.status === "storage-full")
    return `Storage is full${volumeSizeText(view)}: RDS has stopped the database${largerSourceText(view)}`;
  if (told === null || told.effect !== "full") return null;
  const again = free !== null && free.at > told.at && (share ?? 0) > nearlyFullPercent;
  const unreached = view.evidence.connection.status === "not-connected";
  return !again && (told.minutes <= fullMinutes || unreached) ? saidText(told) : null;
}

function saidText({ minutes, message }: StorageTold): string {
  return `RDS said ${minutes} min ago: ${message}`;
}

function paceWarning(view: View, space: Space): string {
  const { left } = space;
  if (left === null || left > daySeconds) return "";
  if ((fullIn(view, space) ?? left) <= 0) return "; at the pace of the last minutes it is full by now";
  return `; at the pace of the last minutes it is full in ${duration(left)}`;
}

/**
 * By the time that is left: the size of the volume may not be known. What fills it within the hour is also what keeps
 * it busy; it is full by now where the last point, and the time since, leave nothing.
 */
function explained(view: View, space: Space, stopped: boolean): readonly Explanation[] {
  const full = stopped || (space.share ?? 100) < 1 || (fullIn(view, space) ?? Number.POSITIVE_INFINITY) <= 0;
  const soon = full || (space.left ?? Number.POSITIVE_INFINITY) <= soonSeconds;
  const stops = full || (fullIn(view, space) ?? Number.POSITIVE_INFINITY) <= nextLookSeconds;
  return [
    ...(stops
      ? ([
          { cause: "database-unreachable", because: "RDS stops a database whose storage is full" },
          { cause: "restart-or-crash", because: "RDS stops a database whose storage is full" },
          { cause: "database-read-only", because: "without space nothing can be written" },
          { cause: "write-stall", because: "without space no write ends" },
        ] as const)
      : []),
    ...(stops && (selfOf(view)?.replicaOf ?? null) !== null ? appliesNothing(view) : []),
    ...(soon
      ? ([{ cause: "io-saturated", because: "what fills it writes as fast as it can" }] as const)
      : []),
  ];
}

function spaceText(view: View, { free, share }: Space, told: StorageTold | null): string {
  if (free === null) return told === null ? "Storage is running out" : `${saidText(told)}${unread(view)}`;
  return `${bytesText(free.latest)} of storage are free${share === null ? "" : `, ${percentText(share)} of it`}`;
}

function unread({ evidence }: View): string {
  return evidence.target.flavour === "aurora" ? "" : " (FreeStorageSpace itself could not be read)";
}

function severityOf(view: View, { free, share, left }: Space, told: StorageTold | null): Severity | null {
  const soon = left !== null && left <= soonSeconds;
  if (free === null) return told === null ? null : severityOfTold(told);
  if (share !== null) return severityOfShare(view, share, left);
  return severityOfBytes(free.latest, soon) ?? (told === null ? null : "P2");
}

function severityOfShare({ thresholds }: View, share: number, left: number | null): Severity | null {
  const soon = left !== null && left <= soonSeconds;
  const { storageFreePercent, storageCriticalPercent } = thresholds;
  if (share > storageFreePercent) return soon ? "P2" : null;
  if (share <= nearlyFullPercent || soon) return "P1";
  const today = left !== null && left <= daySeconds;
  return share <= storageCriticalPercent || today ? "P2" : "P3";
}

/** Without the metric nobody knows what has become of it since: an hour later it may be gone. */
function severityOfTold({ effect, freePercent, minutes }: StorageTold): Severity {
  const nearly = effect === "full" || (freePercent ?? 100) <= nearlyFullPercent;
  return nearly || minutes > fullMinutes ? "P1" : "P2";
}

function severityOfBytes(free: number, soon: boolean): Severity | null {
  if (free <= scarceBytes / 5 || soon) return "P1";
  return free <= scarceBytes ? "P2" : null;
}
