import type { Kind } from "./change-words.ts";
import { keepsNoStatistics } from "./changed-values.ts";
import type { Deviation } from "./deviations.ts";
import { memoryOf } from "./memory.ts";
import { letsSessionsTakeMuch, poolTakesMost, poolWasRaised, wasRaisedToMuch } from "./session-buffers.ts";
import type { View } from "./view.ts";
import type { Happened } from "./what-changed.ts";

export interface ChangeRow {
  readonly kind: Kind;
  readonly explains: readonly Deviation[];
  /** How long after it such a thing still begins; a day unless told, as the work may come hours later. */
  readonly withinMinutes?: number;
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
/** A cache that a restart emptied fills by what is read. */
const filling = 60;

const cold = "the restart that came with it has emptied the cache, which fills by what is read";
const eachTakes = "every session may take that much for each sort, join or scan";
const poolFills = "the buffer pool fills hour by hour, and nothing else fits beside it";
const eitherWay = "whether it was raised or lowered to this could not be seen";
const takesMemory = { kind: "parameter", explains: ["memory"] } as const;
const major = { kind: "major-upgrade", explains: ["cpu", "reads"] } as const;

/** Which change explains what, how soon after, and what is to be made of it. First match wins. */
export const changeTable: readonly ChangeRow[] = [
  {
    ...major,
    only: keepsNoStatistics,
    largerClass: "useless",
    advice: "until ANALYZE has run in every database, plans are guesses",
    page: "https://www.postgresql.org/docs/17/pgupgrade.html",
  },
  {
    ...major,
    advice:
      "another major version plans anew (PostgreSQL has JIT on by default from 12 on): compare plans with those from before, and ANALYZE, before a larger class is paid for",
    page: `${guide}USER_UpgradeDBInstance.Upgrading.html`,
  },
  {
    kind: "class",
    explains: ["cpu", "memory", "connections", "reads", "writes"],
    only: (view, change, smaller) => smaller(view, change) === true,
    advice: "a smaller class has less of everything: what mends it is the class from before",
    page: `${guide}Concepts.DBInstanceClass.Summary.html`,
  },
  {
    kind: "class",
    explains: ["cpu", "memory", "connections"],
    only: (view, change, smaller) => smaller(view, change) === null,
    advice: "whether the class before was larger was not seen: CloudTrail tells; if so, go back to it",
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
      only: ({ evidence }) => evidence.target.flavour === "rds",
      largerClass: "useless",
      advice:
        "each block comes from S3 when it is first read, which takes many times as long: read what matters once (pg_prewarm, or a SELECT over it) before clients come; a larger class hastens nothing",
      page: "https://aws.amazon.com/blogs/database/amazon-rds-snapshot-restore-and-recovery-demystified/",
    }),
  ),
  {
    kind: "multi-az",
    explains: ["writes", "reads"],
    advice:
      "every write waits for the standby as well, whose new volume is still filled from a snapshot: that part ends by itself, the wait for the standby stays",
    page: `${guide}Concepts.MultiAZSingleStandby.html`,
  },
  {
    kind: "storage",
    explains: ["reads", "writes"],
    largerClass: "useless",
    only: ({ evidence: { target, context } }) =>
      context?.topology?.members.some(
        ({ id, status }) => id === target.name && status === "storage-optimization",
      ) ?? false,
    advice:
      "it is slower while its status is storage-optimization, which ends by itself, after hours by its size; until then no other change of the storage is taken",
    page: `${guide}USER_PIOPS.ModifyingExisting.html`,
  },
  ...(["upgrade", "minor-upgrade", "maintenance", "failover", "switchover", "restart"] as const).map(
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
      advice: "whoever was cut off comes back at once; a pooler smooths that",
      page: `${guide}rds-proxy.html`,
    }),
  ),
  {
    kind: "parameter",
    explains: ["space"],
    advice: "what it logs goes onto the same volume: set it back before storage is paid for",
    page: `${guide}USER_LogAccess.html`,
  },
  {
    kind: "insights",
    explains: ["memory"],
    only: isSmallMysql,
    advice:
      "it switches on performance_schema at the next restart, some hundred MiB: switch it off again, and restart, before a larger class is paid for",
    page: `${guide}USER_PerfInsights.EnableMySQL.html`,
  },
  {
    ...takesMemory,
    only: wasRaisedToMuch,
    largerClass: "useless",
    advice: `${eachTakes}: set it back`,
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
    advice: `${poolFills}: set it back`,
    page: `${guide}Appendix.MySQL.Parameters.html`,
  },
  {
    ...takesMemory,
    only: poolTakesMost,
    advice: `${poolFills}: set it lower (three quarters of the memory is the default); ${eitherWay}`,
    page: `${guide}Appendix.MySQL.Parameters.html`,
  },
  {
    kind: "call",
    explains: ["cpu", "reads", "memory", "load"],
    only: (_, { name }) => /serverless/.test(name ?? ""),
    advice: "less capacity holds less cache: a minimum that holds what is read",
    page: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html",
  },
  {
    kind: "call",
    explains: ["away"],
    withinMinutes: 180,
    advice: "it may have shut the way in for who is not connected",
    page: `${guide}Overview.RDSSecurityGroups.html`,
  },
  ...(["call", "parameter"] as const).map(
    (kind): ChangeRow => ({
      kind,
      explains: ["cpu", "reads", "writes", "memory", "connections", "away", "lag", "load"],
      withinMinutes: 60,
      advice: "set it back, and see whether it passes",
      page: `${guide}${kind === "call" ? "Overview.DBInstance.Modifying" : "USER_WorkingWithParamGroups.Modifying"}.html`,
    }),
  ),
];

function isSmallMysql(view: View): boolean {
  const memory = memoryOf(view);
  return view.evidence.target.engine !== "postgres" && memory !== null && memory <= 8 * 1024 ** 3;
}
