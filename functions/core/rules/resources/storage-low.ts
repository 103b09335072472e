import type { Severity } from "../../contract/finding.ts";
import { hasBinlogsOf } from "../../facts/binlog-space.ts";
import {
  bytesText,
  fromOutside,
  minutesSince,
  percentText,
  recentEvents,
  selfOf,
} from "../../facts/rds-facts.ts";
import { autoscalingOf, paceText, type Space, spaceOf } from "../../facts/storage-space.ts";
import type { View } from "../../facts/view.ts";
import { growStorage } from "../../remedies/aws/storage-remedies.ts";
import { shortenBinlogs } from "../../remedies/binlog-remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { clusterVolumeDraft, localStorageDraft } from "./other-storage-draft.ts";

const gib = 1024 ** 3;
/** Where the size of the volume is not known. */
const scarceBytes = 5 * gib;
const nearlyFullPercent = 3;
const soonSeconds = 3600;
const daySeconds = 86_400;

export const storageLow = defineRule({
  id: "storage-low",
  spec: ["D4", "M1"],
  category: "resources",
  title: "Storage is running out",
  needs: ["FreeStorageSpace", "FreeLocalStorage", "AuroraVolumeBytesLeftTotal", "BinLogDiskUsage"],
  evaluate: (view) => [...volumeDraft(view), ...localStorageDraft(view), ...clusterVolumeDraft(view)],
});

function volumeDraft(view: View): readonly FindingDraft[] {
  const full =
    selfOf(view)?.status === "storage-full" ? "Storage is full: RDS has stopped the database" : null;
  const stopped = full ?? fullEvent(view);
  const space = spaceOf(view);
  const severity = stopped !== null ? "P0" : severityOf(view, space);
  if (severity === null) return [];
  const grows = autoscalingOf(view, space);
  const binlogs = hasBinlogsOf(view, space);
  return [
    {
      subject: "",
      severity: grows === "ahead" && severity === "P2" ? "P3" : severity,
      confidence: fromOutside(view, space.share === null && stopped === null ? 0.7 : 0.9),
      summary: `${stopped ?? spaceText(space)}${paceWarning(space)}${autoscalingText[grows]}${binlogs === null ? "" : `; ${binlogs}`}`,
      evidence: space.free === null ? [] : [{ source: space.free.id, says: paceText(space.free) }],
      explains: stopped !== null || isFull(space) ? becauseFull : [],
      actions: [...growStorage(view), ...(binlogs === null ? [] : shortenBinlogs(view))],
    },
  ];
}

function isFull({ share }: Space): boolean {
  return share !== null && share < 1;
}

const autoscalingText = {
  ahead: "; storage autoscaling has room to grow it once 10 % or less are free for five minutes",
  late: "; storage autoscaling has room to grow it, but should have begun by now or has no time left",
  none: "",
} as const;

function paceWarning({ left }: Space): string {
  if (left === null || left > daySeconds) return "";
  return `; at the pace of the last minutes it is full in ${duration(left)}`;
}

const becauseFull = [
  { cause: "database-unreachable", because: "RDS stops a database whose storage is full" },
  { cause: "restart-or-crash", because: "RDS stops a database whose storage is full" },
  { cause: "database-read-only", because: "without space nothing can be written" },
] as const;

/** The newest word of RDS on it; storage that has grown since is not full any more. */
function fullEvent(view: View): string | null {
  const about = recentEvents(view, 60).find(({ message }) => /storage/i.test(message));
  if (about === undefined || !/exhausted|storage-full|shut ?down/i.test(about.message)) return null;
  return `RDS said ${minutesSince(view, about.at)} min ago: ${about.message}`;
}

function spaceText({ free, share }: Space): string {
  if (free === null) return "Storage is running out";
  return `${bytesText(free.latest)} of storage are free${share === null ? "" : `, ${percentText(share)} of it`}`;
}

function severityOf(view: View, { free, share, left }: Space): Severity | null {
  const soon = left !== null && left <= soonSeconds;
  if (free === null) return null;
  if (share === null) return severityOfBytes(free.latest, soon);
  const { storageFreePercent, storageCriticalPercent } = view.thresholds;
  if (share > storageFreePercent) return soon ? "P2" : null;
  if (share <= nearlyFullPercent || soon) return "P1";
  const today = left !== null && left <= daySeconds;
  return share <= storageCriticalPercent || today ? "P2" : "P3";
}

function severityOfBytes(free: number, soon: boolean): Severity | null {
  if (free <= scarceBytes / 5 || soon) return "P1";
  return free <= scarceBytes ? "P2" : null;
}
