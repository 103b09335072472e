import type { Kind } from "./change-words.ts";
import { keepsNoStatistics } from "./changed-values.ts";
import { memoryOf } from "./memory.ts";
import { letsSessionsTakeMuch, poolTakesMost, poolWasRaised, wasRaisedToMuch } from "./session-buffers.ts";
import type { View } from "./view.ts";
import type { Happened } from "./what-changed.ts";

/** What a metric shows out of its way. */
export type Deviation = "cpu" | "reads" | "writes" | "memory" | "connections" | "space";

export interface ChangeRow {
  readonly kind: Kind;
  readonly explains: readonly Deviation[];
  /** How long after it such a thing still begins: the day's work may come hours later. */
  readonly withinMinutes: number;
  readonly only?: (
    view: View,
    change: Happened,
    smaller: (view: View, change: Happened) => boolean | null,
  ) => boolean;
  /** Of a larger class as a remedy: changes nothing. Absent: it comes last. */
  readonly largerClass?: "useless";
  readonly advice: string;
  readonly page: string;
}

const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/";
const day = 24 * 60;
/** A cache that a restart emptied fills by what is read. */
const filling = 60;

const cold =
  "the restart that came with it has emptied the cache, which fills by what is read; another restart would begin anew";
const eachTakes =
  "every session may take that much for each sort, join or scan, and the server gives it back as sessions end";
const poolFills =
  "the buffer pool fills hour by hour, and what sessions and the system take does not fit beside it";
const eitherWay = "whether it was raised or lowered to this could not be seen";
const takesMemory = {
  kind: "parameter",
  explains: ["memory"],
  withinMinutes: day,
} as const satisfies Partial<ChangeRow>;
const major = {
  explains: ["cpu", "reads"],
  withinMinutes: day,
} as const satisfies Partial<ChangeRow>;

/** Which change explains what, how soon after, and what is to be made of it. First match wins. */
export const changeTable: readonly ChangeRow[] = [
  {
    ...major,
    kind: "major-upgrade",
    only: (view, { to }) => keepsNoStatistics(view, to),
    largerClass: "useless",
    advice:
      "pg_upgrade takes the planner's statistics along from 18 on only: until ANALYZE has run in every database, plans are guesses; a larger class mends none of them",
    page: "https://www.postgresql.org/docs/17/pgupgrade.html",
  },
  {
    ...major,
    kind: "major-upgrade",
    advice:
      "another major version plans anew: compare the plans of what takes the time with those from before (EXPLAIN), bring statistics up to date, and read what its release notes say of the optimizer, before a larger class is paid for",
    page: `${guide}USER_UpgradeDBInstance.Upgrading.html`,
  },
  {
    kind: "class",
    explains: ["cpu", "memory", "connections", "reads", "writes"],
    withinMinutes: day,
    only: (view, change, smaller) => smaller(view, change) === true,
    advice:
      "less of everything comes with a smaller class: CPU, cache, memory, connections, bandwidth to storage; what mends it is the class from before",
    page: `${guide}Concepts.DBInstanceClass.Summary.html`,
  },
  {
    kind: "class",
    explains: ["cpu", "memory", "connections"],
    withinMinutes: day,
    only: (view, change, smaller) => smaller(view, change) === null,
    advice:
      "whether the class before was larger was not seen: the call in CloudTrail (ModifyDBInstance) tells, and if so it is what to go back to",
    page: `${guide}Concepts.DBInstanceClass.Summary.html`,
  },
  {
    kind: "class",
    explains: ["reads"],
    withinMinutes: filling,
    advice: cold,
    page: `${guide}Overview.DBInstance.Modifying.html`,
  },
  ...(["restored", "new-replica"] as const).map(
    (kind): ChangeRow => ({
      kind,
      explains: ["reads"],
      withinMinutes: day,
      only: ({ evidence }) => evidence.target.flavour === "rds",
      largerClass: "useless",
      advice:
        "a volume that is made from a snapshot fetches each block from S3 when it is first read; it passes as blocks are touched: read what matters once before clients come, more IOPS or a larger class change nothing",
      page: "https://aws.amazon.com/blogs/database/amazon-rds-snapshot-restore-and-recovery-demystified/",
    }),
  ),
  {
    kind: "multi-az",
    explains: ["writes", "reads"],
    withinMinutes: day,
    advice:
      "every write now waits for the standby as well, and its volume, made from a snapshot, is still being filled",
    page: `${guide}Concepts.MultiAZSingleStandby.html`,
  },
  {
    kind: "storage",
    explains: ["reads", "writes"],
    largerClass: "useless",
    withinMinutes: day,
    only: ({ evidence: { target, context } }) =>
      context?.topology?.members.some(
        ({ id, status }) => id === target.name && status === "storage-optimization",
      ) ?? false,
    advice:
      "while the volume is optimized (status storage-optimization) it is slower; that ends by itself, and no further change is taken meanwhile",
    page: `${guide}USER_PIOPS.ModifyingExisting.html`,
  },
  ...(["upgrade", "minor-upgrade", "maintenance", "failover", "restart"] as const).map(
    (kind): ChangeRow => ({
      kind,
      explains: ["reads"],
      withinMinutes: filling,
      advice: cold,
      page: `${guide}USER_RebootInstance.html`,
    }),
  ),
  ...(["failover", "restart"] as const).map(
    (kind): ChangeRow => ({
      kind,
      explains: ["connections"],
      withinMinutes: 30,
      advice:
        "whoever was cut off comes back at once, and pools fill up anew; a pooler that spreads them, or RDS Proxy, smooths that",
      page: `${guide}rds-proxy.html`,
    }),
  ),
  {
    kind: "parameter",
    explains: ["space"],
    withinMinutes: day,
    advice:
      "what it logs goes onto the same volume: set it back before storage is paid for, which only buys time",
    page: `${guide}USER_LogAccess.html`,
  },
  {
    kind: "insights",
    explains: ["memory"],
    withinMinutes: day,
    only: isSmallMysql,
    advice:
      "it switches on performance_schema at the next restart, whose tables take some hundred MiB that such a class does not have: switched off again, and restarted, that is given back, before a larger class is paid for",
    page: `${guide}USER_PerfInsights.EnableMySQL.html`,
  },
  {
    ...takesMemory,
    only: wasRaisedToMuch,
    largerClass: "useless",
    advice: `${eachTakes}: set it back; a larger class is filled the same way`,
    page: "https://dev.mysql.com/doc/refman/8.4/en/memory-use.html",
  },
  {
    ...takesMemory,
    only: letsSessionsTakeMuch,
    largerClass: "useless",
    advice: `${eachTakes}: set it lower; ${eitherWay}`,
    page: "https://dev.mysql.com/doc/refman/8.4/en/memory-use.html",
  },
  {
    ...takesMemory,
    only: poolWasRaised,
    largerClass: "useless",
    advice: `${poolFills}: set it back, before a larger class is paid for`,
    page: `${guide}Appendix.MySQL.Parameters.html`,
  },
  {
    ...takesMemory,
    only: poolTakesMost,
    advice: `${poolFills}: set it lower (three quarters of the memory is the default); ${eitherWay}`,
    page: `${guide}Appendix.MySQL.Parameters.html`,
  },
  {
    kind: "parameter",
    explains: ["cpu", "reads", "writes", "memory", "connections"],
    withinMinutes: 60,
    advice: "set it back, and see whether it passes",
    page: `${guide}USER_WorkingWithParamGroups.Modifying.html`,
  },
];

function isSmallMysql(view: View): boolean {
  const memory = memoryOf(view);
  return view.evidence.target.engine !== "postgres" && memory !== null && memory <= 8 * 1024 ** 3;
}
