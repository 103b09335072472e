import { beganShortage } from "../../facts/burden.ts";
import { explainsPressure } from "../../facts/capacity.ts";
import { asksForMore } from "../../facts/cpu-takers.ts";
import { dumpAtWork } from "../../facts/dump-reads.ts";
import { loadShares, topOfStorage, waitsEvidence } from "../../facts/insights.ts";
import { type IoPressure, ioPressure } from "../../facts/io-pressure.ts";
import { explainsNoAnswer } from "../../facts/no-answer.ts";
import { isProtectedApplication } from "../../facts/protected.ts";
import { fromOutside, selfOf } from "../../facts/rds-facts.ts";
import { slowsItsApplier } from "../../facts/source-writes.ts";
import { storageWaits } from "../../facts/storage-waits.ts";
import type { View } from "../../facts/view.ts";
import { workloadEvidence } from "../../facts/workload.ts";
import { withholdCall } from "../../remedies/aws/aws-proposal.ts";
import { relieveStorage } from "../../remedies/aws/storage-performance.ts";
import { sentenceCase } from "../../text/sentence-case.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const ioSaturated = defineRule({
  id: "io-saturated",
  spec: ["D4", "M1"],
  category: "resources",
  title: "Storage does not keep up",
  needs: [
    "ReadLatency",
    "WriteLatency",
    "ReadIOPS",
    "WriteIOPS",
    "DiskQueueDepth",
    "postgres-wait-profile",
    "mysql-wait-profile",
    "mysql-innodb-rates",
  ],
  evaluate: (view) => {
    const pressure = ioPressure(view);
    if (pressure === null) return manyReads(view);
    const dump = pressure.severity === "P3" ? null : dumpAtWork(view);
    return [
      {
        subject: "",
        severity: pressure.severity,
        confidence: fromOutside(view, pressure.confidence),
        summary: `${sentenceCase(pressure.says)}${pressure.usual ? ", as usual at this time" : ""}${dump === null ? "" : `; a whole table is read meanwhile, as by a dump: ${dump}`}`,
        evidence: [
          ...pressure.evidence,
          ...(dump === null ? [] : [dumpEnds]),
          ...notTheVolume(view, pressure),
          ...workloadEvidence(view),
          ...waitsEvidence(view),
        ],
        explains: pressure.severity === "P3" ? [] : explained(view, pressure),
        actions: pressure.severity === "P3" ? [] : remedies(view, pressure, dump),
      },
    ];
  },
});

/**
 * One statement that makes most of it is a job, or has changed: it ends, or is mended, and what was bought for it stays.
 * Where the clients ask for more than as a rule it is only the most frequent.
 */
function remedies(view: View, pressure: IoPressure, dump: string | null): FindingDraft["actions"] {
  const offered = relieveStorage(view, pressure.sign);
  const ofDump = dump === null ? null : `what seems a dump (${dump}) ends by itself: ${outlasts}`;
  const because = byOne(view) ?? ofDump ?? byLongOnes(view, pressure);
  if (because === null || asksForMore(view)) return offered;
  // One refusal is enough of its alternatives, too.
  return offered.slice(0, 1).map((action) => (action.automatic ? withholdCall(action, because) : action));
}

const outlasts =
  "first see whether it can be slowed down, put off or ended; what is bought for it outlasts it, and is the only change of storage for hours";

const dumpEnds = {
  source: "engine",
  says: "a dump takes what storage gives it, however few its sessions: it ends by itself; one of a replica, or the export of a snapshot, asks nothing of this volume",
};

function byOne(view: View): string | null {
  const top = topOfStorage(view);
  if (top === null) return null;
  return `one statement makes ${Math.round(top.percent)} % of what is asked of storage (${top.statement}): ${outlasts}`;
}

/** Seen inside alone: what has run since before storage was short. No engine tells what a statement that runs reads. */
function byLongOnes(view: View, { severity, sinceMs }: IoPressure): string | null {
  // Performance Insights tells better whose work it is, and an outage waits for nobody.
  if (sinceMs === null || severity === "P1" || loadShares(view, "statement").length > 0) return null;
  const long = (view.sessions ?? [])
    .filter((session) => !isProtectedApplication(session, view.policy))
    .filter(({ kind, state, own }) => kind === "client" && state === "active" && !own)
    .filter(({ statementSeconds }) => (statementSeconds ?? 0) >= view.thresholds.longRunningSeconds)
    .filter((session) => beganShortage(view, session))
    .toSorted((a, b) => (b.statementSeconds ?? 0) - (a.statementSeconds ?? 0));
  const [first] = long;
  if (first === undefined) return null;
  const text = statementText(first.query);
  return `${plural(long.length, "statement has", "statements have")} run since before storage was short, for up to ${duration(first.statementSeconds)}${text === null ? "" : ` (${text})`}, and may be what asks for it: ${outlasts}`;
}

/** https://www.postgresql.org/docs/18/runtime-config-resource.html#GUC-IO-WORKERS */
const ioWorkers = /:Aio/i;

/** Of storage that is no slower, the work is to blame: which, nobody was seen to tell. */
function manyReads(view: View): readonly FindingDraft[] {
  const many = storageWaits(view);
  if (many === null) return [];
  const { says, wait } = many;
  return [
    {
      subject: "",
      severity: "P2",
      confidence: fromOutside(view, 0.5),
      summary: sentenceCase(`${says}${wait.statement === null ? "" : `; most: ${wait.statement}`}`),
      evidence: [
        ...wait.evidence,
        {
          source: "engine",
          says: `look at what reads: an index, fewer rows, a cache that holds what is read again${wait.waits.some(({ name }) => ioWorkers.test(name)) ? "; it may also be the few processes that read for all (io_workers) that are busy" : ""}`,
        },
      ],
      explains: [],
      actions: [],
    },
  ];
}

/** A replica that is too busy applies too slowly, and the log lies on the same storage. */
function explained(view: View, { severity }: IoPressure): FindingDraft["explains"] {
  const log = {
    cause: "commit-stall",
    subject: "log",
    because: "the log is written to that storage",
  } as const;
  const away =
    severity === "P1" ? explainsNoAnswer(view, "a server that waits for storage answers nobody") : [];
  const held = atWork(view);
  return [...slowsItsApplier(view), log, ...explainsPressure(view, held, held), ...away];
}

/** Who waits for storage keeps the connection meanwhile; who waits for a lock does so for another reason. */
function atWork({ connections }: View): number {
  return (connections ?? [])
    .filter(({ state }) => state === "active")
    .reduce((sum, { count, waitingOnLock }) => sum + count - waitingOnLock, 0);
}

/** Why nothing is offered for the volume: what it is provisioned with has not been reached. */
function notTheVolume(view: View, { sign }: IoPressure): FindingDraft["evidence"] {
  const { storage = null, status = null } = selfOf(view) ?? {};
  // Of a volume that is optimized its provision says nothing.
  if (status === "storage-optimization") return [];
  if (sign !== "latency" || storage === null || storage.iops === null) return [];
  return [
    {
      source: "DescribeDBInstances",
      says: `the volume is under its ${storage.iops} IOPS, so that more of them would not help: look at the work first, then at what the class can do with storage (EBSIOBalance%, EBSByteBalance%)`,
    },
  ];
}
