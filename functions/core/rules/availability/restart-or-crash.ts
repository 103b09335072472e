import type { Explanation } from "../../contract/explanation.ts";
import type { Severity } from "../../contract/finding.ts";
import { isExplained, maintenanceAt } from "../../facts/beside-restart.ts";
import { killedStatement } from "../../facts/killed-statement.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { fromOutside, othersOf } from "../../facts/rds-facts.ts";
import { type Restart, restartOf } from "../../facts/restarts.ts";
import { setBefore } from "../../facts/session-buffers.ts";
import type { View } from "../../facts/view.ts";
import { afterMemoryKill } from "../../remedies/aws/after-memory-kill.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

/** Caches are warm, pools filled and replicas caught up after this long; what is still wrong has another cause. */
const freshMinutes = 30;
/** Unreachable longer after it came up is unreachable for another reason. */
const backMinutes = 10;
/** So often within a day it is not over when it is up again. */
const loopTimes = 3;

export const restartOrCrash = defineRule({
  id: "restart-or-crash",
  spec: ["D4", "M3"],
  category: "availability",
  title: "The server has restarted",
  needs: ["DescribeEvents", "postgres-server", "mysql-server", "EngineUptime"],
  evaluate: (view) => {
    const own = restartOf(view, view.evidence.target.name);
    return [...(own === null ? youngDraft(view) : ownDraft(view, own)), ...othersDrafts(view)];
  },
});

function ownDraft(view: View, restart: Restart): readonly FindingDraft[] {
  const { minutes, cause, evidence } = restart;
  if (restart.doubted !== undefined) return [doubtedDraft(restart, restart.doubted)];
  const fresh = minutes <= freshMinutes;
  if (!fresh && (cause?.announced ?? false)) return [];
  const set = cause?.is === "memory" ? setBefore(view, minutes) : null;
  const ran = ranBefore(view, restart);
  // What is still set so comes again.
  const again = set !== null && fresh && timesOf(restart, set.minutesAgo) > 1;
  const severity = again ? "P1" : severityOf(restart);
  return [
    {
      subject: "",
      severity,
      confidence: fromOutside(view, cause === null || cause.is === "unsure" ? 0.75 : 0.9),
      summary: `${whatText(restart)}${whyText(restart)}${ranText(restart, ran)}${timesText(restart)}${uptimeText(view, minutes)}${set === null ? "" : `; ${set.says}`}`,
      evidence: [
        ...evidence,
        ...(ran === null ? [] : [{ source: "log", says: `the process that was ended ran: ${ran}` }]),
      ],
      explains: fresh ? effects(restart) : [],
      actions:
        cause?.is === "memory" && severity !== "P3"
          ? afterMemoryKill(view, { looping: restart.times >= loopTimes, set })
          : [],
    },
  ];
}

/** Neither an event of RDS nor a start of the engine is seen: nothing is done for it, and nothing explained by it. */
function doubtedDraft({ minutes, evidence }: Restart, says: string): FindingDraft {
  return {
    subject: "",
    severity: "P2",
    confidence: 0.4,
    summary: `The server may have crashed ${minutes} min ago: ${says}, by a line of its log that a client may have written; neither RDS nor the time that the engine is up tells of it`,
    evidence,
    explains: [],
    actions: [],
  };
}

function ranBefore(view: View, { cause }: Restart): string | null {
  return cause?.is === "memory" || cause?.is === "crash" ? killedStatement(view) : null;
}

function ranText({ cause }: Restart, ran: string | null): string {
  return ran === null || cause?.is !== "memory" ? "" : `; that process ran ${ran}`;
}

function whatText({ underWay, minutes, cause }: Restart): string {
  if (underWay) return `The server went down ${minutes} min ago and has not come up`;
  const crashed = cause !== null && !cause.announced && cause.is !== "lag" && cause.is !== "unsure";
  return `The server ${crashed ? "crashed or was stopped, and came up again" : "restarted"} ${minutes} min ago, without a failover`;
}

function whyText({ cause }: Restart): string {
  if (cause === null) return "; what for, neither RDS nor its log tells";
  if (cause.is === "unsure")
    return `; what for, only a line of its log tells that a client may have written: ${cause.says}`;
  return cause.announced ? `, as was asked for: ${cause.says}` : `: ${cause.says}`;
}

/** By the log, of those since so many minutes ago. */
function timesOf({ times, loggedAges = [] }: Restart, since: number = Number.POSITIVE_INFINITY): number {
  return Math.max(times, loggedAges.filter((age) => age / 60 <= since).length);
}

/** Those that were asked for are among them. */
function timesText(restart: Restart): string {
  const times = timesOf(restart);
  return times > 1 ? `; ${times} restarts within a day` : "";
}

/** A second witness. PostgreSQL's start does not move when only its sessions crashed. */
function uptimeText(view: View, minutes: number): string {
  const uptime = uptimeOf(view);
  return uptime === null || uptime / 60 > minutes + 5 ? "" : `; it has been up for ${duration(uptime)}`;
}

function uptimeOf(view: View): number | null {
  return view.server?.uptimeSeconds ?? metricFact(view, "EngineUptime")?.latest ?? null;
}

function severityOf({ minutes, underWay, cause, times }: Restart): Severity {
  const announced = cause?.announced ?? false;
  if (underWay) return announced ? "P2" : "P1";
  if (announced || minutes > freshMinutes) return "P3";
  // A host that failed is RDS's to mend, and was mended.
  if (cause?.is === "host" && minutes > backMinutes && times < loopTimes) return "P3";
  return times >= loopTimes ? "P1" : "P2";
}

function effects({ underWay, minutes, cause }: Restart): readonly Explanation[] {
  const down: readonly Explanation[] =
    underWay || minutes <= backMinutes
      ? [{ cause: "database-unreachable", because: "while it restarts nobody is served" }]
      : [];
  return [
    ...down,
    ...afterwards.filter((effect) => cause?.is !== "lag" || effect.cause !== "replication-lag"),
  ];
}

const afterwards: readonly Explanation[] = [
  { cause: "connection-storm", because: "every client connects anew at once" },
  { cause: "cache-too-small", because: "its cache is empty after the restart" },
  { cause: "cold-cache", because: "its cache is empty after the restart" },
  { cause: "io-saturated", because: "a cold cache reads everything from storage" },
  { cause: "replication-lag", because: "replication stood while it was down, and catches up" },
  { cause: "replication-stopped", because: "replication has to connect anew" },
  { cause: "reader-down", because: "readers of Aurora restart with the writer" },
];

/** From the first bad minute until an alarm of a few data points goes off. */
const alarmDelayMs = 5 * 60_000;

/** No event, which may come minutes late, and a server that is younger than the incident: a note. */
function youngDraft(view: View): readonly FindingDraft[] {
  const { signal, collectedAt } = view.evidence;
  const uptime = uptimeOf(view);
  if (signal?.state !== "ALARM" || uptime === null) return [];
  const startedAt = Date.parse(collectedAt) - uptime * 1000;
  if (startedAt < Date.parse(signal.at) - alarmDelayMs) return [];
  if (isExplained(view, view.evidence.target.name, startedAt)) return [];
  const work = maintenanceAt(view, view.evidence.target.name, startedAt);
  const why =
    work === null
      ? "why, RDS has not said yet"
      : `RDS said at ${work.at}: ${work.message.replace(/\.$/, "")}`;
  return [
    {
      subject: "",
      severity: "P3",
      confidence: 0.6,
      summary: `The server has been up for ${duration(uptime)} only and is younger than the incident: it restarted; ${why}`,
      evidence: [{ source: "server", says: `up since ${new Date(startedAt).toISOString()}` }],
      explains: afterwards,
      actions: [],
    },
  ];
}

function othersDrafts(view: View): readonly FindingDraft[] {
  return othersOf(view).flatMap(({ id, role }) => {
    const restart = restartOf(view, id);
    if (restart === null || restart.minutes > freshMinutes) return [];
    const lag = restart.cause?.is === "lag";
    const severity = restart.times >= loopTimes ? "P2" : "P3";
    return [
      {
        subject: id,
        severity,
        confidence: fromOutside(view, 0.85),
        summary: `${role === "writer" ? "The writer" : "Reader"} ${id} restarted ${restart.minutes} min ago${whyText(restart)}${timesText(restart)}`,
        evidence: restart.evidence,
        explains: [
          { cause: "reader-down", subject: id, because: "it restarts" },
          ...(lag ? [] : [{ cause: "replication-lag", subject: id, because: "it was down" } as const]),
        ],
        actions: [],
      } satisfies FindingDraft,
    ];
  });
}
