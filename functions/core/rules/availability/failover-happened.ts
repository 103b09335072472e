import type { RdsEvent } from "../../contract/context.ts";
import type { Explanation } from "../../contract/explanation.ts";
import type { Severity } from "../../contract/finding.ts";
import { announcedBeside } from "../../facts/beside-restart.ts";
import { type ClientsAway, clientsAreThere, clientsAway } from "../../facts/clients-away.ts";
import { clientsOnOldWriter, writesAtOldWriter } from "../../facts/clients-on-old-writer.ts";
import {
  type FailoverStage,
  failoverStage,
  failoversOf,
  isFailingOver,
  newestFailover,
  saidFailingOver,
  slowFailoverMinutes,
  wasReader,
} from "../../facts/failover-events.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { fromOutside, minutesSince } from "../../facts/rds-facts.ts";
import { type Reconnecting, reconnecting, refusedBeside } from "../../facts/reconnecting.ts";
import type { View } from "../../facts/view.ts";
import { duration, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { smallerWriterDraft } from "./smaller-writer-draft.ts";

/** Names in caches, pools and drivers are the new writer's after this long; what is still wrong has another cause. */
const freshMinutes = 30;
/** Of one that nobody announced somebody is told, even if all of them are back. */
const newsMinutes = 15;
/** Who does not come back by then stays away. */
const settledMs = 3 * 60_000;

export const failoverHappened = defineRule({
  id: "failover-happened",
  spec: ["D4", "M3"],
  category: "availability",
  title: "The writer has moved",
  needs: ["DescribeEvents", "postgres-server", "mysql-server"],
  evaluate: (view) => {
    const newest = newestFailover(view);
    const isOlder = newest === null || minutesSince(view, newest.at) > slowFailoverMinutes;
    if (newest === null || (isOlder && saidFailingOver(view))) return byStatus(view);
    return [draftOf(view, newest)];
  },
});

function draftOf(view: View, newest: RdsEvent): FindingDraft {
  const events = failoversOf(view);
  const minutes = minutesSince(view, newest.at);
  const stage = failoverStage(newest.message);
  const times = events.filter(({ message }) => failoverStage(message) === "done").length;
  // They left when it began.
  const began = events.findLast(({ at }) => minutesSince(view, at) <= minutes + slowFailoverMinutes)?.at;
  const away =
    stage === "done"
      ? (writesAtOldWriter(view, newest) ??
        clientsAway(view, began ?? newest.at) ??
        clientsOnOldWriter(view, newest))
      : null;
  const smaller = smallerWriterDraft(view);
  const anew = reconnecting(view);
  const isSmooth = smaller === null && anew === null && isOver(view, newest, minutes);
  const severity = away === null ? severityOf(stage, minutes, isSmooth) : away.nearlyAll ? "P1" : "P2";
  return {
    subject: "",
    severity,
    confidence: fromOutside(view, 0.9),
    summary: `${titles[stage]} ${minutes} min ago: ${newest.message.replace(/\.$/, "")}${whyText(view, newest.at)}${refusedText(events, newest)}${times > 1 ? `; ${plural(times, "failover")} within a day` : ""}${uptimeText(view, minutes)}${away === null ? "" : `; ${away.says}`}${noSlotText(anew)}${smaller?.says ?? ""}`,
    evidence: [
      ...events
        .slice(0, 5)
        .map(({ at, message }) => ({ source: "DescribeEvents", says: `${at} ${message}` })),
      ...letItEnd(view),
      ...besideText(view),
      ...(wasReader(view) ? [noMeasure] : []),
      ...(smaller?.evidence ?? []),
      ...(away === null ? [] : awayText(away)),
    ],
    explains: [
      ...(smaller?.explains ?? []),
      ...(minutes <= freshMinutes ? becauseOfFailover : []),
      ...fillsItsCpu(anew),
    ],
    actions: [],
  };
}

function byStatus(view: View): readonly FindingDraft[] {
  if (!saidFailingOver(view)) return [];
  return [
    {
      subject: "",
      severity: "P1",
      confidence: fromOutside(view, 0.85),
      summary: "A failover is under way, by the status of the cluster; no event tells of it yet",
      evidence: [{ source: "DescribeDBClusters", says: "status failing-over" }],
      explains: becauseOfFailover,
      actions: [],
    },
  ];
}

function awayText({ toldBy, says }: ClientsAway): FindingDraft["evidence"] {
  return [...(toldBy === undefined ? [] : [{ source: toldBy, says }]), ...comeBack];
}

/** Too few to be a cause of their own beside so many who find no slot; told, since a secret may have been changed with it. */
function besideText(view: View): FindingDraft["evidence"] {
  const rate = refusedBeside(view);
  if (rate === null) return [];
  return [
    { source: "LoginFailures", says: `${Math.round(rate)} refused sign-ins a minute are counted beside` },
  ];
}

function noSlotText(anew: Reconnecting | null): string {
  return anew === null ? "" : "; its clients come back faster than it takes them: no slot is left";
}

/** Signing in costs more than most statements, and none of it was there before. */
function fillsItsCpu(anew: Reconnecting | null): readonly Explanation[] {
  const because = "every client connects anew at once";
  return anew?.fillsCpu ? [{ cause: "cpu-saturated", because }] : [];
}

const titles = {
  "under-way": "A failover began",
  done: "A failover ended",
  failed: "A failover did not succeed,",
} as const satisfies Record<FailoverStage, string>;

function refusedText([newest]: readonly RdsEvent[], told: RdsEvent): string {
  return newest === told ? "" : "; another that was asked for since was refused, so soon after it";
}

/** Its clients were counted since, and are all there. */
function isOver(view: View, { at }: RdsEvent, minutes: number): boolean {
  const wasPlanned = announcedBeside(view, view.evidence.target.name, Date.parse(at)) !== null;
  const counted = metricFact(view, "DatabaseConnections")?.at ?? at;
  const isSettled = Date.parse(counted) - Date.parse(at) >= settledMs;
  return (minutes > newsMinutes || wasPlanned) && isSettled && clientsAreThere(view);
}

function severityOf(stage: FailoverStage, minutes: number, isSmooth: boolean): Severity {
  switch (stage) {
    case "failed":
      return minutes <= freshMinutes ? "P1" : "P3";
    case "under-way":
      // Events may be lost: one that began long ago and was never said to have ended has ended.
      return minutes <= slowFailoverMinutes ? "P1" : minutes <= freshMinutes ? "P2" : "P3";
    case "done":
      return minutes <= freshMinutes && !isSmooth ? "P2" : "P3";
    default:
      return stage satisfies never;
  }
}

function letItEnd(view: View): FindingDraft["evidence"] {
  if (!isFailingOver(view)) return [];
  const says = `no failover is proposed while this one goes on; where nothing is heard of its end, from ${slowFailoverMinutes} min after its beginning`;
  return [{ source: "DescribeEvents", says }];
}

const noMeasure: FindingDraft["evidence"][number] = {
  source: "DescribeEvents",
  says: "it was a reader before: what it did a day and a week ago is no measure, and left out",
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html (the TTL of names in a JVM) */
const comeBack: FindingDraft["evidence"] = [
  {
    source: "engine",
    says: "most often they keep the old address, or wait on connections that are dead: names are to be kept for less than a minute (a JVM may keep them for ever: networkaddress.cache.ttl), pools are to test connections and give dead ones up (TCP keepalive, a time-out); at once: restart the applications or empty their pools, and read what they say. Another failover or a restart of the database brings nobody back",
  },
];

/** Of a failover that was announced nobody has to find out why. */
function whyText(view: View, at: string): string {
  const why = announcedBeside(view, view.evidence.target.name, Date.parse(at));
  return why === null ? "" : `; what RDS did just then: ${why}`;
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
