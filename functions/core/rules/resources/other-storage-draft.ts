import type { Severity } from "../../contract/finding.ts";
import { clusterIdOf } from "../../facts/database-kind.ts";
import { type LoadShare, loadShares } from "../../facts/insights.ts";
import { keepsFilesApart } from "../../facts/local-storage.ts";
import { type MetricFact, metricFact } from "../../facts/metric-facts.ts";
import { bytesText, fromOutside, percentText } from "../../facts/rds-facts.ts";
import { dipsAsEver, paceText, secondsLeft } from "../../facts/storage-space.ts";
import { wordsOnStorage } from "../../facts/storage-told.ts";
import type { StorageWord } from "../../facts/storage-words.ts";
import type { View } from "../../facts/view.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { scaleInstanceClass, withheldClass } from "../../remedies/aws/class-remedies.ts";
import { duration, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const gib = 1024 ** 3;
const tib = 1024 * gib;
const scarceBytes = 5 * gib;
const soonSeconds = 3600;

/** Its size is that of the class. */
export function localStorageDraft(view: View): readonly FindingDraft[] {
  if (!keepsFilesApart(view)) return [];
  const local = metricFact(view, "FreeLocalStorage");
  if (local === null) return [];
  const before = Math.max(local.day ?? 0, local.peak);
  const fallen = local.latest < 0.5 * before;
  const left = fallen ? secondsLeftOf(local) : null;
  const soon = left !== null && left <= soonSeconds;
  if (local.latest > scarceBytes && !soon) return [];
  const severity: Severity = fallen || local.latest < gib ? "P2" : "P3";
  const spill = spillText(view);
  return [
    {
      subject: "local",
      severity,
      confidence: fromOutside(view, 0.7),
      summary: `${bytesText(local.latest)} of local storage are left for temporary files and logs${fallen ? `, of ${bytesText(before)} before` : ""}${soon ? `; at the pace of the last minutes it is used up in ${duration(left)}` : ""}; statements that spill will fail when it is used up${spill === null ? "" : `; who spills most: ${spill}`}`,
      evidence: [{ source: local.id, says: paceText(local) }],
      explains: [],
      actions: severity === "P3" ? [] : roomOf(view, fallen || spill !== null),
    },
  ];
}

function roomOf(view: View, taken: boolean): FindingDraft["actions"] {
  return taken ? withheldClass(view, givenBack) : scaleInstanceClass(view);
}

/** Neither that a restart ends it is proved, nor that twice the room would last (SPEC D11). */
const givenBack =
  "what a statement has written to temporary files is freed at once when it ends: first end, or mend, what spills, and delete logs that have grown. The larger class takes a restart, and what fills this one may fill it too";

/** Null too for what spills at this hour as ever, while there is room. */
function secondsLeftOf(local: MetricFact): number | null {
  return local.latest > scarceBytes && dipsAsEver(local) ? null : secondsLeft(local);
}

function spillText(view: View): string | null {
  const spilled = (share: LoadShare): number =>
    share.waits.filter(({ name }) => waitNames.temporary.test(name)).reduce((sum, { load }) => sum + load, 0);
  const first = loadShares(view, "statement").toSorted((a, b) => spilled(b) - spilled(a))[0];
  return first === undefined || spilled(first) === 0 ? null : statementText(first.name);
}

/** A dedicated log volume has this size, whatever the database has. */
const logVolumeBytes = 1000 * gib;

/**
 * WAL, or binary and redo logs, on a volume of their own: what keeps them from being removed fills it, and it cannot grow.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.dlv.html
 */
export function logVolumeDraft(view: View): readonly FindingDraft[] {
  const free = metricFact(view, "FreeStorageSpaceLogVolume");
  const word = wordsOnStorage(view).find(({ effect }) => effect === "log-volume");
  return free === null ? (word === undefined ? [] : [logsDraft(view, word)]) : measuredDraft(view, free);
}

function measuredDraft(view: View, free: MetricFact): readonly FindingDraft[] {
  const left = secondsLeft(free);
  const soon = left !== null && left <= soonSeconds;
  const share = (100 * free.latest) / logVolumeBytes;
  if (share > view.thresholds.storageFreePercent && !soon) return [];
  const pace = soon ? `; at the pace of the last minutes it is full in ${duration(left)}` : "";
  const draft = logsDraft(view, { freePercent: share, at: free.at, message: paceText(free) });
  return [{ ...draft, summary: `${draft.summary}${pace}`, ...(soon ? { severity: "P1" as const } : {}) }];
}

function logsDraft(
  view: View,
  { freePercent, at, message }: Pick<StorageWord, "freePercent" | "at" | "message">,
): FindingDraft {
  const share = freePercent === null ? "Little" : percentText(freePercent);
  return {
    subject: "log-volume",
    severity: (freePercent ?? 100) <= view.thresholds.storageCriticalPercent ? "P1" : "P2",
    confidence: fromOutside(view, 0.85),
    summary: `${share} of the dedicated log volume is left, and it does not grow: full, the database stops; what keeps the logs is to go (a replication slot, a replica that is late, a long transaction, binary logs kept for long)`,
    evidence: [{ source: "log volume", says: `${at} ${message}` }],
    explains: [],
    actions: [],
  };
}

const lowPercent = 5;
const nearlyFullPercent = 1;

/**
 * The volume of a cluster grows by itself, to a limit. What is dropped or truncated comes back to it; rows that are
 * deleted do not. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Performance.html
 */
export function clusterVolumeDraft(view: View): readonly FindingDraft[] {
  const cluster = clusterIdOf(view);
  const left = cluster === null ? null : metricFact(view, "AuroraVolumeBytesLeftTotal", cluster);
  if (cluster === null || left === null) return [];
  const used = metricFact(view, "VolumeBytesUsed", cluster);
  const share = used === null ? null : (100 * left.latest) / (left.latest + used.latest);
  const severity = severityOf(left, share);
  if (severity === null) return [];
  return [
    {
      subject: "cluster-volume",
      severity,
      confidence: fromOutside(view, 0.9),
      summary: `The volume of cluster ${cluster} can grow by ${bytesText(left.latest)} only${share === null ? "" : `, ${percentText(share)} of its limit`}; then nothing can be written: dropping or truncating gives space back, deleting rows does not`,
      evidence: [{ source: left.id, says: paceText(left) }],
      explains:
        left.latest <= 0
          ? [{ cause: "database-read-only", because: "without space nothing can be written" }]
          : [],
      actions: [],
    },
  ];
}

function severityOf({ latest }: MetricFact, share: number | null): Severity | null {
  if (share === null) return latest <= tib ? "P1" : latest <= 6 * tib ? "P2" : null;
  if (share <= nearlyFullPercent) return "P1";
  return share <= lowPercent ? "P2" : null;
}
