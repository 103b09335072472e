import { isBuildStatement, isMaintenanceStatement } from "../text/statement-kind.ts";
import { statementText } from "../text/wording.ts";
import { tooFrequent } from "./checkpoints.ts";
import { loadShares, topWriter } from "./insights.ts";
import { type LogWords, recentLogHits } from "./log-lines.ts";
import type { View } from "./view.ts";

/** Maintenance as Performance Insights and the error log tell of it, where nobody looked inside. */
export interface ToldMaintenance {
  readonly subject: string;
  /** "VACUUM takes 62 % of the load: …". */
  readonly says: string;
  readonly source: string;
  readonly evidence: readonly string[];
  readonly wraparound: boolean;
}

/** Of the load; a smaller part is not what makes a machine short. */
const substantialPercent = 20;

/**
 * Autovacuum shows as a statement of its own; a plain CHECKPOINT or a VACUUM, FREEZE among them, as what it is.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Autovacuum.AutovacuumRunning.html
 */
const ownWork = /^(autovacuum:|checkpoint\b|vacuum\b)/i;

/**
 * Waits for a checkpoint, and for the data files that it writes out.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.Waitevents.html
 */
const checkpointWaits = /Checkpoint(Start|Done|WriteDelay)|DataFile(Flush|Sync)\b|RegisterSyncRequest/;

export function toldMaintenance(view: View): readonly ToldMaintenance[] {
  return [...bySession(view), ...byCheckpoints(view)];
}

function bySession(view: View): readonly ToldMaintenance[] {
  const such = loadShares(view, "statement").filter(
    ({ name }) => ownWork.test(name.trim()) || isMaintenanceStatement(name) || isBuildStatement(name),
  );
  const percent = such.reduce((sum, share) => sum + share.percent, 0);
  const [first] = such;
  if (first === undefined || percent < substantialPercent) return [];
  const wraparound = such.some(({ name }) => /to prevent wraparound|\bfreeze\b/i.test(name));
  return [
    {
      subject: "insights",
      says: `maintenance takes ${Math.round(percent)} % of the load: ${statementText(first.name) ?? first.name}`,
      source: "Performance Insights",
      evidence: such
        .slice(0, 3)
        .map(({ name, percent }) => `${Math.round(percent)} %: ${statementText(name) ?? ""}`),
      wraparound,
    },
  ];
}

export const askedFor: LogWords = {
  levels: ["LOG"],
  ofServer: true,
  says: /^(?:checkpoint|restartpoint) starting:.*\b(?:wal|xlog)\b/,
};
/** As many within the 15 minutes of the log: the routine one comes every five. */
const manyCheckpoints = 4;

function byCheckpoints(view: View): readonly ToldMaintenance[] {
  const waits = loadShares(view, "wait-event").filter(({ name }) => checkpointWaits.test(name));
  const percent = waits.reduce((sum, share) => sum + share.percent, 0);
  const lines = checkpointLines(view);
  if (percent < substantialPercent && lines === null) return [];
  const writer = topWriter(view);
  const share = percent < 1 ? "" : `${Math.round(percent)} % of the load waits for them`;
  return [
    {
      subject: "checkpoints",
      says: `checkpoints write out what changed again and again (${[lines, share].filter(Boolean).join("; ")})${writer === null ? "" : `; what writes most: ${writer}`}`,
      source: lines === null ? "Performance Insights" : "error log",
      evidence: waits.slice(0, 3).map(({ name, percent }) => `${Math.round(percent)} %: ${name}`),
      wraparound: false,
    },
  ];
}

/**
 * Checkpoints that the volume of WAL asked for rather than the clock, in words; null while they are routine. RDS logs
 * each one: "checkpoint starting: time".
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.Query_Logging.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.iowalwrite.html ("occurring too frequently")
 */
function checkpointLines({ evidence }: View): string | null {
  const warned = recentLogHits(evidence, tooFrequent);
  if (warned !== null) {
    const [apart] = warned.caught.map(({ text }) => Number(text)).toSorted((a, b) => a - b);
    return `the log says ${warned.count} times that they occur too frequently, ${apart ?? "a few"} s apart`;
  }
  const asked = recentLogHits(evidence, askedFor);
  return asked === null || asked.count < manyCheckpoints
    ? null
    : `${asked.count} of them within 15 min were asked for by the volume of WAL`;
}
