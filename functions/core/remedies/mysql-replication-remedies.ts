import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Target } from "../contract/target.ts";
import { othersOf } from "../facts/rds-facts.ts";
import type { ReplicaFact, Stop } from "../facts/replica-facts.ts";
import type { View } from "../facts/view.ts";
import { sqlLiteral } from "../text/sql-literal.ts";

/**
 * What an error that stopped replication asks for.
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_MySQL.Replication.ReadReplicas.Troubleshooting.html
 */
const askedFor = {
  /** Duplicate key, row not found, no parent. */
  diverged: [1032, 1062, 1452],
  /** Databases, tables, columns, indexes that are not as on the source. */
  otherSchema: [1007, 1008, 1050, 1051, 1054, 1060, 1061, 1091, 1146, 1677],
  /** 13114 is what 1236 is logged as from 8.0 on. */
  binlogGone: [1236, 13114],
  /** Deadlock and lock wait: the applier tried again as often as it may. */
  passing: [1205, 1213],
} as const;

type Asked = keyof typeof askedFor;

export function mysqlReplicationRemedies(
  view: View,
  fact: ReplicaFact,
  stop: Stop,
): readonly ProposedAction[] {
  const { target } = view.evidence;
  if (stop.error === null) {
    return stop.why.includes("not by an error") ? [start(target, fact, stoppedOnPurpose)] : [];
  }
  const asked = askedBy(stop);
  switch (asked) {
    case null:
      return [];
    case "passing":
      return [
        start(
          target,
          fact,
          "It gave up after a deadlock or a lock wait: first end what holds the lock here.",
        ),
      ];
    case "binlogGone":
      return rebuild(view, fact, "its source no longer has the changes that it has not fetched");
    case "diverged":
    case "otherSchema":
      return [
        find(target, fact, differs[asked]),
        ...rebuild(view, fact, `its ${differs[asked].what} is no longer that of its source`),
        ...skip(target, fact, stop, differs[asked]),
      ];
    default:
      return asked satisfies never;
  }
}

function askedBy({ number = null, error }: Stop): Asked | null {
  const kinds = ["diverged", "otherSchema", "binlogGone", "passing"] as const;
  const found = kinds.find((kind) => askedFor[kind].some((each) => each === number)) ?? null;
  // The same number is given for a packet too large and for a connection that is refused.
  const purged = /purged|could not find|impossible position|first log file|exceeds the file/i.test(
    error ?? "",
  );
  return found === "binlogGone" && !purged ? null : found;
}

const stoppedOnPurpose =
  "First find out why it was stopped: a backup, or a rescue of data deleted by mistake, may need it so.";

/**
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-replicating.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-multi-source-replication.html
 * https://mariadb.com/docs/server/reference/sql-statements/administrative-sql-statements/replication-statements/start-replica
 */
function start({ engine, flavour }: Target, { subject }: ReplicaFact, first: string): ProposedAction {
  const named = subject === "" ? null : sqlLiteral(subject, engine);
  const procedure =
    named === null || engine === "mariadb"
      ? "CALL mysql.rds_start_replication"
      : `CALL mysql.rds_start_replication_for_channel(${named})`;
  const own =
    engine === "mariadb"
      ? `START SLAVE${named === null ? "" : ` ${named}`}`
      : `START REPLICA${named === null ? "" : ` FOR CHANNEL ${named}`}`;
  return proposeManual({
    id: "resume-replication",
    spec: [],
    risk: "disruptive",
    preview: flavour === "self-managed" ? own : procedure,
    describes: "replication of this replica",
    consequence: `On the replica: both threads go on where they were stopped, and the replica works hard until it has caught up. ${first}`,
  });
}

interface Difference {
  readonly what: string;
  readonly sought: string;
  readonly compare: string;
  readonly skipOnly: string;
}
/** A table that is not as on the source has no row to look for. */
const differs = {
  diverged: {
    what: "data",
    sought: "the table, the key and the change",
    compare:
      "Compare that row with the source: if the change is there already, the one row can be made as it was before it, and replication started again; if not, there is more that differs, and the replica is made anew.",
    skipOnly:
      "the row was looked at and its change is here already or needed by nobody: what the transaction did is lost on this replica for good, all of it, and later changes of the same rows stop it again.",
  },
  otherSchema: {
    what: "schema",
    sought: "the table and the statement",
    compare:
      "Compare SHOW CREATE TABLE of it here and on the source: somebody changed the schema on this replica, or left a change out. Undone here by hand (read_only does not hold an administrator back), replication can be started again and makes it itself; where more differs, the replica is made anew.",
    skipOnly:
      "the definitions were compared and the statement's outcome is here already, to the type and the default: what it would have done is lost on this replica for good, and what the source writes by the other definition stops it again.",
  },
} as const satisfies Record<string, Difference>;

/** https://dev.mysql.com/doc/refman/8.4/en/performance-schema-replication-applier-status-by-worker-table.html */
function find(
  { engine, flavour }: Target,
  { who }: ReplicaFact,
  { sought, compare }: Difference,
): ProposedAction {
  const workers =
    "SELECT CHANNEL_NAME, LAST_ERROR_NUMBER, LAST_ERROR_MESSAGE FROM performance_schema.replication_applier_status_by_worker WHERE LAST_ERROR_NUMBER <> 0";
  const mariadb = flavour === "self-managed" ? "SHOW ALL SLAVES STATUS" : "CALL mysql.rds_replica_status";
  return proposeManual({
    id: "find-diverged-row",
    spec: ["P31"],
    risk: "safe",
    preview: engine === "mariadb" ? mariadb : workers,
    describes: `${sought} at which ${who} stopped`,
    consequence: `Only reads, on the replica. ${compare}`,
  });
}

/** A new one beside the old: readers move over when it has caught up. The old one is kept until then. */
function rebuild(view: View, { who, subject }: ReplicaFact, because: string): readonly ProposedAction[] {
  const { target } = view.evidence;
  const source = othersOf(view).find(({ role }) => role === "writer")?.id ?? null;
  if (target.flavour !== "rds" || subject !== "" || source === null) return [];
  const name = `${target.name.slice(0, 54)}-anew`;
  return [
    proposeManual({
      id: "rebuild-replica",
      spec: ["A22"],
      risk: "disruptive",
      // https://docs.aws.amazon.com/cli/latest/reference/rds/create-db-instance-read-replica.html
      preview: `aws rds create-db-instance-read-replica --db-instance-identifier ${name} --source-db-instance-identifier ${source}`,
      describes: `a new replica of ${source} beside ${who}: ${because}`,
      consequence:
        "Takes a snapshot of the source, which without Multi-AZ pauses its I/O for a moment, and costs one more instance until the old one is deleted. Give it the class and the parameter group of the old one before readers move over.",
    }),
  ];
}

/**
 * The last resort: the change is lost here for good. With GTIDs it is named; MariaDB and positions skip what is next.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.CommonDBATasks.SkipError.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-gtid.html
 */
function skip(
  { engine, flavour }: Target,
  { subject }: ReplicaFact,
  { error }: Stop,
  { skipOnly }: Difference,
): readonly ProposedAction[] {
  if (flavour === "self-managed" || subject !== "") return [];
  const named = /transaction '([0-9a-f-]{36}(?::[a-z0-9_]+)?:\d+)'/i.exec(error ?? "")?.[1];
  // ANONYMOUS: replication by position.
  if (engine === "mysql" && named === undefined && !/ANONYMOUS/i.test(error ?? "")) return [];
  return [
    proposeManual({
      id: "skip-replication-error",
      spec: [],
      risk: "irreversible",
      preview:
        named === undefined
          ? "CALL mysql.rds_skip_repl_error"
          : `CALL mysql.rds_skip_transaction_with_gtid(${sqlLiteral(named, engine)})`,
      describes: "one transaction of the source that is not applied here",
      consequence: `Only when ${skipOnly}`,
    }),
  ];
}
