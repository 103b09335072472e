import * as z from "zod";
import type { Session } from "../../contract/session.ts";
import type { SqlRow } from "../../ports.ts";
import type { ProbeContext } from "../define.ts";
import { readTransactions, type TransactionRow } from "./innodb-transactions.ts";
import { agesOf } from "./snapshot-ages.ts";
import { queryOf, sentByClient } from "./snapshot-query.ts";
import {
  mysqlSnapshotLength,
  type ProcessRow,
  processSchema,
  programSchema,
  type StatementRow,
  statementSchema,
  threadSchema,
} from "./snapshot-sql.ts";

export interface MysqlSnapshot {
  /** By connection id. */
  readonly sessions: ReadonlyMap<number, Session>;
  /** Connection id by performance_schema thread id. */
  readonly connectionOf: ReadonlyMap<number, number>;
  /** InnoDB transactions by their id; one of an XA transaction prepared and left has session 0. Null: not listed. */
  readonly transactions: ReadonlyMap<string, TransactionRow> | null;
}

/** What belongs to one connection. */
export interface SessionParts {
  readonly process: ProcessRow;
  /** Undefined where it is not known whether there is one. */
  readonly transaction: TransactionRow | null | undefined;
  readonly statement: StatementRow | null;
  readonly program: string | null;
  /** A worker of the event scheduler, as its thread's name tells. */
  readonly event?: boolean;
}

type Answers = readonly (readonly SqlRow[])[];
interface Joined {
  readonly answers: Answers;
  readonly context: ProbeContext;
  readonly snapshot: MysqlSnapshot;
}

/** By the list of sessions, for as long as somebody holds it. */
const joined = new WeakMap<readonly SqlRow[], Joined>();

/** Reads the answers of mysqlSnapshotStatements: once for all probes of a tier, which share them. */
export function readMysqlSnapshot(given: Answers, context: ProbeContext): MysqlSnapshot {
  const answers = given.slice(0, mysqlSnapshotLength);
  const [processes = []] = answers;
  const known = joined.get(processes);
  const same = known?.context === context && known.answers.length === answers.length;
  if (known && same && known.answers.every((rows, index) => rows === answers[index])) return known.snapshot;
  const snapshot = joinAnswers(answers, context);
  joined.set(processes, { answers, context, snapshot });
  return snapshot;
}

function joinAnswers(answers: Answers, context: ProbeContext): MysqlSnapshot {
  const [processes = [], transactions = [], threads = [], statements = [], programs = []] = answers;
  const trx = readTransactions(transactions, context.server);
  const rows = z.array(threadSchema).parse(threads);
  const connectionOf = new Map(rows.map(({ thread_id, id }) => [thread_id, id]));
  const events = new Set(rows.flatMap(({ id, event }) => (event === 1 ? [id] : [])));
  const transactionOf = trx && new Map(trx.map((row) => [row.session_id, row]));
  const programOf = new Map(
    z
      .array(programSchema)
      .parse(programs)
      .map(({ id, program }) => [id, program]),
  );
  const statementOf = new Map<number, StatementRow>();
  for (const row of z.array(statementSchema).parse(statements)) {
    const id = connectionOf.get(row.thread_id);
    if (id !== undefined) statementOf.set(id, row);
  }
  const sessions = z
    .array(processSchema)
    .parse(processes)
    .map((process) =>
      mysqlSession(
        {
          process,
          transaction: transactionOf ? (transactionOf.get(process.id) ?? null) : undefined,
          statement: statementOf.get(process.id) ?? null,
          program: programOf.get(process.id) ?? null,
          event: events.has(process.id),
        },
        context,
      ),
    );
  return {
    sessions: new Map(sessions.map((session) => [session.id, session])),
    connectionOf,
    transactions: trx && new Map(trx.map((row) => [row.trx_id, row])),
  };
}

export function mysqlSession(parts: SessionParts, context: ProbeContext): Session {
  const { process, transaction, statement, program } = parts;
  const { id, user_name, host, db } = process;
  const kind = kindOf(parts);
  const state = kind === "event" ? "active" : stateOf(process, transaction);
  return {
    id,
    sessionKey: `${user_name ?? ""}@${host ?? ""}`,
    statementKey: process.query_id ?? statement?.statement_key ?? null,
    user: user_name,
    application: program || null,
    client: host?.replace(/:\d+$/, "") || null,
    database: db || null,
    kind,
    wraparound: false,
    superuser: user_name === "rdsadmin",
    // Who is one can only be read with rights that a probing user does not have.
    administrator: null,
    own: id === context.server.backendId || program === "rds-responder",
    state,
    ...unknownTo(parts),
    ...agesOf(parts, state),
    stateSince: process.since,
    transactionSeconds: transaction?.age_seconds == null ? null : Math.max(0, transaction.age_seconds),
    // Neither engine tells when a connection was made.
    sessionSeconds: null,
    waitEvent: transaction?.requested_lock ? "InnoDB lock" : process.state || null,
    query: queryOf(parts, context),
    ...(sentByClient(parts) ? { sentByClient: true } : {}),
    leaderId: null,
    rowsModified: transaction?.rows_modified ?? null,
    ...endingOf(parts),
    ...(statement?.prepared === 1 ? { prepared: true } : {}),
    ...(statement?.autocommit == null ? {} : { autocommit: statement.autocommit === "YES" }),
  };
}

/** MySQL lists who was killed while idle as asleep for as long as it rolls back: only its transaction tells. */
function endingOf({ process, transaction }: SessionParts): Pick<Session, "ending"> {
  if (transaction?.trx_state === "ROLLING BACK") return { ending: "rolling-back" };
  return process.command === "Killed" ? { ending: "killed" } : {};
}

/** https://dev.mysql.com/doc/refman/8.4/en/thread-commands.html */
const notStatements = new Set(["Connect", "Connect Out", "Daemon", "Killed", "Quit", "Delayed insert"]);

function stateOf({ command }: ProcessRow, transaction: SessionParts["transaction"]): Session["state"] {
  if (command === "Sleep") return asleep(transaction);
  return command === null || notStatements.has(command) || command.startsWith("Binlog Dump")
    ? "other"
    : "active";
}

function unknownTo({ process, transaction }: SessionParts): Pick<Session, "transactionUnknown"> {
  return process.command === "Sleep" && transaction === undefined ? { transactionUnknown: true } : {};
}

function asleep(transaction: SessionParts["transaction"]): Session["state"] {
  if (transaction === undefined) return "other";
  return transaction === null ? "idle" : "idle-in-transaction";
}

/**
 * MySQL calls a job of the event scheduler "system user", MariaDB shows it as one that connects and has a statement.
 * https://dev.mysql.com/doc/refman/8.4/en/replication-threads.html
 * https://dev.mysql.com/doc/refman/8.4/en/event-scheduler.html
 */
function kindOf({ process: { user_name, command, info }, event }: SessionParts): Session["kind"] {
  if (event === true || (command === "Connect" && info !== null && user_name !== "system user"))
    return "event";
  if (command?.startsWith("Binlog Dump")) return "replication";
  if (user_name === null || user_name === "event_scheduler" || command === "Daemon") return "system";
  return user_name === "system user" ? "replication" : "client";
}

/** https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html */
export function waitsForLock({ waitEvent }: Session): boolean {
  return waitEvent !== null && /^(InnoDB lock|User lock|Waiting for .*(lock|flush))/i.test(waitEvent);
}
