/**
 * What a session that works is at. `work` is CPU, storage or a latch: a thread's state names the step of the
 * statement, which may be any of them. `idle` is no work at all: threads that wait for something to do.
 */
export type MysqlWaitKind =
  | "cpu"
  | "work"
  | "io"
  | "log"
  | "lock"
  | "latch"
  | "client"
  | "replica"
  | "other"
  | "idle";

interface KindRow {
  readonly words: RegExp;
  readonly kind: MysqlWaitKind;
  readonly source: string;
}

const waits = "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-instrument-naming.html";
const aurora =
  "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.Waitevents.html";
const states = "https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html";
const lockStates = "https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html";
const replicaStates = "https://dev.mysql.com/doc/refman/8.4/en/replica-sql-thread-states.html";
const sourceStates = "https://dev.mysql.com/doc/refman/8.4/en/replication-threads.html";
const semisync = "https://dev.mysql.com/doc/refman/8.4/en/replication-semisync.html";
const mariadbStates = "https://mariadb.com/kb/en/general-thread-states/";
const groupCommit = "https://mariadb.com/kb/en/group-commit-for-the-binary-log/";

/** Of performance_schema.events_waits_current; the first row that fits. A wait that none fits is `other`. */
export const waitEventKinds: readonly KindRow[] = [
  { words: /^wait\/io\/(file\/innodb\/innodb_log_file|file\/sql\/binlog)/, kind: "log", source: waits },
  { words: /^wait\/io\/(aurora_)?redo_log_flush/, kind: "log", source: aurora },
  { words: /^wait\/io\/aurora_respond_to_client/, kind: "client", source: aurora },
  { words: /^wait\/io\/socket\//, kind: "client", source: waits },
  { words: /^wait\/io\/file\//, kind: "io", source: waits },
  { words: /^wait\/synch\/cond\/sql\/MYSQL_BIN_LOG::/, kind: "log", source: waits },
  { words: /^wait\/synch\/cond\/(innodb\/row_lock_wait|sql\/MDL_context)/, kind: "lock", source: aurora },
  { words: /^wait\/lock\//, kind: "lock", source: waits },
  { words: /^wait\/synch\/cond\//, kind: "other", source: waits },
  { words: /^wait\/synch\//, kind: "latch", source: waits },
];

/** Of a thread's STATE; the first row that fits. Any other state is a step of a statement's work. */
export const stateKinds: readonly KindRow[] = [
  { words: /^waiting for semi-sync ack/, kind: "replica", source: semisync },
  { words: /^waiting for (handler commit|prior transaction|preceding)/, kind: "log", source: groupCommit },
  { words: /^(commit|committing|waiting for .*binlog)/, kind: "log", source: mariadbStates },
  { words: /^user lock/, kind: "lock", source: lockStates },
  { words: /^waiting (for|to get) .*(lock|flush|mdl)/, kind: "lock", source: states },
  { words: /^(system lock|table lock|locked)/, kind: "lock", source: states },
  {
    words: /^(sending to client|writing to net|reading from net|receiving from client)/,
    kind: "client",
    source: states,
  },
  { words: /^user sleep/, kind: "other", source: states },
  {
    words:
      /^(waiting for (source|master|the (slave|replica)|(slave|replica|worker)|an event|work from|next activation|more updates|requests)|waiting (on empty queue|until (source|master)|to (finalize|reconnect))|(replica|slave) has read|(source|master) has sent|queueing (source|master)|reconnecting|connecting to)/,
    kind: "idle",
    source: replicaStates,
  },
  { words: /^(binlog dump|daemon)/, kind: "idle", source: sourceStates },
  { words: /^waiting for dependent/, kind: "lock", source: replicaStates },
  { words: /^waiting/, kind: "other", source: states },
];

/** `seesWaits`: whoever is in no wait is then on a CPU, or wants one. */
export function mysqlWaitKind(event: string | null, state: string | null, seesWaits: boolean): MysqlWaitKind {
  const words = (state ?? "").toLowerCase();
  const byState = stateKinds.find((row) => row.words.test(words))?.kind;
  if (byState === "idle" || byState === "replica") return byState;
  if (event !== null) return waitEventKinds.find((row) => row.words.test(event))?.kind ?? "other";
  return byState ?? (seesWaits ? "cpu" : "work");
}
