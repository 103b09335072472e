import type { Member } from "../../contract/topology.ts";
import { cpuPressure, type Pressure } from "../../facts/cpu-pressure.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import {
  atOnce,
  type MaintenanceWork,
  maintenanceWork,
  type WorkGroup,
} from "../../facts/maintenance-work.ts";
import { fromOutside, minutesSince, percentText, recentEvents, selfOf } from "../../facts/rds-facts.ts";
import { worstOf } from "../../facts/severity.ts";
import type { View } from "../../facts/view.ts";
import { cancelStatement } from "../../remedies/remedies.ts";
import { withoutLeadingComments } from "../../text/statement-parts.ts";
import { duration, list } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { wraparoundRisk } from "../vacuum/wraparound-risk.ts";
import { toldMaintenanceDrafts } from "./told-maintenance-draft.ts";

/** Maintenance is only news while something is short: at night, or with room to spare, it is doing its job. */
export const maintenanceAtPeak = defineRule({
  id: "maintenance-at-peak",
  spec: ["D4", "P13"],
  category: "resources",
  title: "Maintenance competes with the application",
  needs: [
    "postgres-vacuum-progress",
    "postgres-sessions",
    "mysql-sessions",
    "CPUUtilization",
    "ReadLatency",
    "DBLoad",
  ],
  evaluate: (view) => {
    const cpu = cpuPressure(view);
    const io = ioPressure(view);
    const pressures = [cpu, io].filter((pressure) => pressure !== null && pressure.severity !== "P3");
    const told = toldMaintenanceDrafts(view, { cpu, io });
    if (pressures.length === 0) return told;
    const works = maintenanceWork(view).filter(
      (work) => work.seconds >= leastSeconds(view, work) && !standsStill(work),
    );
    const drafts = atOnce(works)
      .toSorted(([a], [b]) => b.seconds - a.seconds)
      .slice(0, 3)
      .map((group) => workDraft(view, group, { cpu, io }));
    // Seen at work from inside, it need not be told twice.
    return [...(drafts.length > 0 ? drafts : told), ...backupDraft(view, { cpu, io })];
  },
});

/**
 * Autovacuum comes and goes all day, most of all where much is changed: one that has just begun is a sign of that work, and
 * not what makes the database short.
 */
function leastSeconds({ thresholds }: View, { automatic }: MaintenanceWork): number {
  return automatic ? thresholds.longRunningSeconds : thresholds.slowQuerySeconds;
}

interface Pressures {
  readonly cpu: Pressure | null;
  readonly io: Pressure | null;
}

function workDraft(view: View, [work, ...beside]: WorkGroup, pressures: Pressures): FindingDraft {
  const done = work.percent === null ? "" : `, ${percentText(work.percent)} of this phase done`;
  const because = `${work.what} reads and writes the whole table`;
  return {
    subject: work.automatic ? "autovacuum" : work.key,
    severity: severityOf(pressures),
    confidence: fromOutside(view, 0.7),
    summary: `${work.what} has run for ${duration(work.seconds)}${done} (${work.who})${besideText(beside)} while ${saysOf(pressures)}`,
    evidence: [
      ...[work, ...beside].map(({ source, what, seconds }) => ({
        source,
        says: `${what}, ${duration(seconds)}`,
      })),
      ...[work, ...beside]
        .filter(({ wraparound }) => wraparound)
        .map(({ source, what }) => ({
          source,
          says: `${what} prevents wraparound: stopped, it starts again at once`,
        })),
    ],
    explains: [
      ...explained(pressures, because),
      { cause: "long-running-query", subject: work.key, because: "it is that statement" },
      { cause: "replication-lag", because: "what it rewrites goes through the log to every replica" },
    ],
    actions: remedies(view, work),
  };
}

const toldBeside = 2;

function besideText(beside: readonly MaintenanceWork[]): string {
  if (beside.length === 0) return "";
  const told = beside.slice(0, toldBeside).map(({ what, seconds }) => `${what} for ${duration(seconds)}`);
  const rest = beside.length - told.length;
  return `, and beside it ${list(rest === 0 ? told : [...told, `${rest} more`])},`;
}

function severityOf({ cpu, io }: Pressures): "P0" | "P1" | "P2" | "P3" {
  return worstOf([cpu, io].flatMap((pressure) => pressure?.severity ?? [])) ?? "P2";
}

function saysOf({ cpu, io }: Pressures): string {
  const says = [cpu, io]
    .filter((pressure) => pressure !== null && pressure.severity !== "P3")
    .map((pressure) => pressure?.says.split(";")[0] ?? "");
  return list(says);
}

function explained({ cpu, io }: Pressures, because: string): FindingDraft["explains"] {
  return [
    ...(cpu === null ? [] : [{ cause: "cpu-saturated" as const, because }]),
    ...(io === null ? [] : [{ cause: "io-saturated" as const, because }]),
  ];
}

/**
 * Who waits for a pinned page, for its client or for a lock takes nothing meanwhile, and is the cause of nothing; nor is
 * a vacuum that pauses by its own cost limit. MySQL tells a stage of the work, and waits by their own words.
 */
function standsStill({ waitEvent }: MaintenanceWork): boolean {
  if (waitEvent === null) return false;
  return (
    /^(BufferPin|Buffer|Client|Lock|LWLock|IPC)\b|^Timeout\/VacuumDelay$/.test(waitEvent) ||
    /^waiting for|lock|^sending to client/i.test(waitEvent)
  );
}

const freezes = /^vacuum\b[^;]*\bfreeze\b/i;

/**
 * Vacuum to prevent wraparound must go on, and autovacuum would only start again; what a person began a person may end,
 * never the responder by itself: it was meant, and what it has done so far is lost. What freezes rows is never ended, nor any vacuum while transaction ids run out: it is the cure.
 */
function remedies(view: View, work: MaintenanceWork): FindingDraft["actions"] {
  const session = view.sessions?.find(({ id }) => id === work.sessionId);
  if (work.automatic || work.wraparound || session === undefined) return [];
  const query = withoutLeadingComments(session.query ?? "");
  if (freezes.test(query) || (/^vacuum\b/i.test(query) && wraparoundRisk.evaluate(view).length > 0))
    return [];
  return cancelStatement(view, session, {
    frees: null,
    longestWaitSeconds: null,
    neverAlone: "maintenance-statement",
    also: [
      "what it has done so far is lost, and it has to be run again at a quieter time",
      ...leftBehind(session.query),
    ],
  });
}

/** https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY */
function leftBehind(query: string | null): readonly string[] {
  return /\b(create|reindex)\b[^;]*\bconcurrently\b/i.test(query ?? "")
    ? ["an invalid index stays behind, which costs every write until it is dropped"]
    : [];
}

/** Snapshots of RDS read the volume; on a single-AZ instance they compete with the database itself. */
function backupDraft(view: View, pressures: Pressures): readonly FindingDraft[] {
  const self = selfOf(view);
  const busy = self?.status === "backing-up" || self?.status === "storage-optimization";
  if (!busy || pressures.io === null || pressures.io.severity === "P3") return [];
  const event = recentEvents(view, 240).find(({ message }) => /backing up|storage/i.test(message));
  const what = self?.status === "backing-up" ? "RDS takes a backup" : "RDS optimizes the changed storage";
  return [
    {
      subject: "rds",
      severity: severityOf(pressures),
      confidence: fromOutside(view, 0.6),
      summary: `${what}${event === undefined ? "" : `, begun ${minutesSince(view, event.at)} min ago,`} while ${pressures.io.says.split(";")[0] ?? ""}`,
      evidence: [
        { source: "DescribeDBInstances", says: `status ${self?.status ?? "unknown"}${progressText(self)}` },
        ...(self?.status === "storage-optimization" ? [endsByItself] : []),
      ],
      explains: [{ cause: "io-saturated", because: "it reads and writes the same volume" }],
      actions: [],
    },
  ];
}

function progressText(self: Member | null): string {
  const percent = self?.storage?.operationPercent ?? null;
  return percent === null ? "" : `, ${percent} % done`;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html */
const endsByItself = {
  source: "RDS",
  says: "it ends by itself, after minutes, hours or more than a day by the size of the volume: neither a restart nor a failover nor another change of the storage makes it shorter; what can wait (reports, imports) asks less of the volume meanwhile",
};
