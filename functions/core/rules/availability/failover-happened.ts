import type { RdsEvent } from "../../contract/context.ts";
import type { Explanation } from "../../contract/explanation.ts";
import type { Severity } from "../../contract/finding.ts";
import { fromOutside, inCategory, minutesSince, recentEvents } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { duration, plural } from "../../text/wording.ts";
import { defineRule } from "../define.ts";

/** Names in caches, pools and drivers are the new writer's after this long; what is still wrong has another cause. */
const freshMinutes = 30;
const dayMinutes = 24 * 60;
/** A failover that has not ended after this long is not going as it should. */
const slowMinutes = 10;

export const failoverHappened = defineRule({
  id: "failover-happened",
  spec: ["D4", "M3"],
  category: "availability",
  title: "The writer has moved",
  needs: ["DescribeEvents", "postgres-server", "mysql-server"],
  evaluate: (view) => {
    const events = recentEvents(view, dayMinutes).filter(isFailover);
    const [newest] = events;
    if (newest === undefined) return [];
    const minutes = minutesSince(view, newest.at);
    const stage = stageOf(newest.message);
    const times = events.filter(({ message }) => stageOf(message) === "done").length;
    const severity = severityOf(stage, minutes);
    return [
      {
        subject: "",
        severity,
        confidence: fromOutside(view, 0.9),
        summary: `${titles[stage]} ${minutes} min ago: ${newest.message}${times > 1 ? `; ${plural(times, "failover")} within a day` : ""}${uptimeText(view, minutes)}`,
        evidence: events
          .slice(0, 5)
          .map(({ at, message }) => ({ source: "DescribeEvents", says: `${at} ${message}` })),
        explains: minutes <= freshMinutes ? becauseOfFailover : [],
        actions: [],
      },
    ];
  },
});

type Stage = "under-way" | "done" | "failed";

const titles = {
  "under-way": "A failover began",
  done: "A failover ended",
  failed: "A failover did not succeed,",
} as const satisfies Record<Stage, string>;

function isFailover(event: RdsEvent): boolean {
  const named = inCategory(event, "failover") || inCategory(event, "global failover");
  // Multi-AZ being switched on is in the same category, and moves nothing.
  return named && !/multi-az.*(activat|conversion)|recovered from/i.test(event.message);
}

function stageOf(message: string): Stage {
  if (/\bfailed\b|abandon|cancel|unable/i.test(message)) return "failed";
  return /complete|finished|\bdone\b/i.test(message) ? "done" : "under-way";
}

function severityOf(stage: Stage, minutes: number): Severity {
  switch (stage) {
    case "failed":
      return minutes <= freshMinutes ? "P1" : "P3";
    case "under-way":
      // Events may be lost: one that began long ago and was never said to have ended has ended.
      return minutes <= slowMinutes ? "P1" : minutes <= freshMinutes ? "P2" : "P3";
    case "done":
      return minutes <= freshMinutes ? "P2" : "P3";
    default:
      return stage satisfies never;
  }
}

/** A second witness: the server that answers now has started about then. */
function uptimeText({ server }: View, minutes: number): string {
  const uptime = server?.uptimeSeconds ?? null;
  if (uptime === null || uptime / 60 > minutes + 10) return "";
  return `; the server that answers has been up for ${duration(uptime)}`;
}

const becauseOfFailover: readonly Explanation[] = [
  { cause: "database-unreachable", because: "while the writer moves nobody is served" },
  { cause: "database-read-only", because: "a name still points to the instance that was the writer" },
  { cause: "connection-storm", because: "every client connects anew at once" },
  { cause: "cold-cache", because: "the new writer's cache is still cold" },
  { cause: "cache-too-small", because: "the new writer's cache is still cold" },
  { cause: "io-saturated", because: "a cold cache reads everything from storage" },
  { cause: "replication-lag", because: "replicas follow the new writer and catch up" },
  { cause: "replication-stopped", because: "replicas still look for the old writer" },
  { cause: "reader-down", because: "the old writer restarts as a reader" },
];
