import type { Severity } from "../../contract/finding.ts";
import { type MetricFact, metricFact } from "../../facts/metric-facts.ts";
import {
  bytesText,
  fromOutside,
  minutesSince,
  percentText,
  recentEvents,
  selfOf,
} from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { growStorage } from "../../remedies/aws/storage-remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

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
  needs: ["FreeStorageSpace", "FreeLocalStorage", "AuroraVolumeBytesLeftTotal"],
  evaluate: (view) => [...volumeDraft(view), ...localDraft(view)],
});

function volumeDraft(view: View): readonly FindingDraft[] {
  const full =
    selfOf(view)?.status === "storage-full" ? "Storage is full: RDS has stopped the database" : null;
  const stopped = full ?? fullEvent(view);
  const space = spaceOf(view);
  const severity = stopped !== null ? "P0" : severityOf(view, space);
  if (severity === null) return [];
  const grows = hasRoomToGrow(view);
  const nothingLeft = stopped !== null || (space.share !== null && space.share < 1);
  return [
    {
      subject: "",
      severity: grows && severity === "P2" ? "P3" : severity,
      confidence: fromOutside(view, space.share === null && stopped === null ? 0.7 : 0.9),
      summary: `${stopped ?? spaceText(space)}${paceWarning(space)}${grows ? "; storage autoscaling has room to grow it" : ""}`,
      evidence: space.free === null ? [] : [{ source: space.free.id, says: paceText(space.free) }],
      explains: nothingLeft ? becauseFull : [],
      actions: growStorage(view),
    },
  ];
}

interface Space {
  readonly free: MetricFact | null;
  /** Percent of what is allocated. */
  readonly share: number | null;
  /** Until it is full. */
  readonly left: number | null;
}

function spaceOf(view: View): Space {
  const free = metricFact(view, "FreeStorageSpace");
  if (free === null) return { free, share: null, left: null };
  const allocated = free.capacity ?? allocatedBytes(view);
  return {
    free,
    share: allocated === null ? null : (100 * free.latest) / allocated,
    left: secondsLeft(free),
  };
}

function paceWarning({ left }: Space): string {
  if (left === null || left > daySeconds) return "";
  return `; at the pace of the last minutes it is full in ${duration(left)}`;
}

const becauseFull = [
  { cause: "database-unreachable", because: "RDS stops a database whose storage is full" },
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

function paceText(free: MetricFact): string {
  const first = free.points[0];
  const change = first === undefined ? 0 : free.latest - first.value;
  const day = free.day === null ? "" : `; ${bytesText(free.day)} a day ago at this time`;
  const pace = `${change < 0 ? "fell" : "rose"} by ${bytesText(Math.abs(change))}`;
  return change === 0 ? `steady in the window${day}` : `${pace} in the window${day}`;
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

/** When it is full if it goes on as in the window; null when it does not fall by a noticeable part. */
function secondsLeft(free: MetricFact): number | null {
  const [first] = free.points;
  if (first === undefined || free.points.length < 3) return null;
  const seconds = (Date.parse(free.at) - Date.parse(first.at)) / 1000;
  const fallen = first.value - free.latest;
  // Temporary files come and go: less than this says nothing about tomorrow.
  if (seconds <= 0 || fallen < 0.002 * first.value) return null;
  return free.latest / (fallen / seconds);
}

function allocatedBytes(view: View): number | null {
  const allocated = selfOf(view)?.storage?.allocatedGib ?? null;
  return allocated === null ? null : allocated * gib;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html: by 10 % at the least */
function hasRoomToGrow(view: View): boolean {
  const storage = selfOf(view)?.storage ?? null;
  if (storage === null || storage.limitGib === null || storage.allocatedGib === null) return false;
  return storage.limitGib >= storage.allocatedGib * 1.1;
}

/** Aurora's volume grows by itself; its temporary storage does not, and its limit is the engine's. */
function localDraft(view: View): readonly FindingDraft[] {
  if (view.evidence.target.flavour !== "aurora") return [];
  const local = metricFact(view, "FreeLocalStorage");
  if (local === null || local.latest > scarceBytes) return [];
  const before = Math.max(local.day ?? 0, local.peak);
  const fallen = local.latest < 0.5 * before;
  return [
    {
      subject: "local",
      severity: fallen || local.latest < gib ? "P2" : "P3",
      confidence: fromOutside(view, 0.7),
      summary: `${bytesText(local.latest)} of local storage are left for temporary files and logs${fallen ? `, of ${bytesText(before)} before` : ""}; statements that spill will fail when it is used up`,
      evidence: [{ source: local.id, says: paceText(local) }],
      explains: [],
      actions: [],
    },
  ];
}
