import {
  keepsConnections,
  type LoggedLockQueue,
  loggedLockQueue,
  longSilent,
  severityOfLogged,
} from "../../facts/logged-lock-queue.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { workFallen } from "../../facts/work-fallen.ts";
import { duration, list, plural, requestName, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Fewer who wait for whoever has a table are turns. */
const fewest = 3;

/** Without a look at the locks, PostgreSQL's log of them. A process is a number that may be somebody else's by now. */
export function loggedQueueDrafts(view: View): readonly FindingDraft[] {
  const queue = loggedLockQueue(view);
  if (queue === null) return [];
  const { request, waiting, waitedSeconds, statements } = queue;
  if (request === null && (waiting < fewest || waitedSeconds < view.thresholds.slowQuerySeconds)) return [];
  const fallen = workFallen(view);
  const source = "error log";
  const because = "who waits for a table keeps its connection";
  return [
    {
      subject: request === null ? `relation:${queue.relation}` : `process:${request.process}`,
      severity: severityOfLogged(view, queue, request?.behind),
      confidence: fromOutside(view, request === null ? 0.7 : 0.85),
      summary: `${request === null ? waitersText(queue) : requestText(queue, request)}${silence(queue)}; nobody got in, so that nobody is to be ended for it`,
      evidence: [
        ...statements.flatMap((one) => {
          const text = statementText(one);
          return text === null ? [] : [{ source, says: `waits in it: ${text}` }];
        }),
        ...(fallen === null ? [] : [fallen]),
        { source: "engine", says: request === null ? whoHasIt(queue) : adviceOf(queue, request) },
      ],
      explains: keepsConnections(view, queue)
        ? [
            { cause: "connections-near-limit", because },
            { cause: "too-many-connections", because },
          ]
        : [],
      actions: [],
    },
  ];
}

type Request = NonNullable<LoggedLockQueue["request"]>;

function requestText(queue: LoggedLockQueue, { process, user, statement, behind }: Request): string {
  const text = statementText(statement);
  return `A queued ${requestName(statement)} (${user === null ? "" : `user ${user}, `}process ${process}) has waited ${duration(queue.waitedSeconds)} for its table, ${heldBy(queue)}; ${plural(behind, "session queues", "sessions queue")} behind it${text === null ? "" : `: ${text}`}`;
}

function waitersText({ waiting, waitedSeconds, statements, ...queue }: LoggedLockQueue): string {
  const text = statementText(statements[0] ?? null);
  return `${plural(waiting, "session queues", "sessions queue")} for one table (relation ${queue.relation} of database ${queue.database}), the first for ${duration(waitedSeconds)}, ${heldBy(queue)}; whether it is that one that they wait for or a request among them, the log does not tell${text === null ? "" : `: ${text}`}`;
}

function silence({ silentSeconds }: LoggedLockQueue): string {
  return silentSeconds < longSilent
    ? ""
    : `; the log's last word of it is of ${duration(silentSeconds)} ago, and none of an end`;
}

function heldBy({ holders }: Pick<LoggedLockQueue, "holders">): string {
  if (holders.length === 0) return "held by a session that was not seen";
  return `held by ${holders.length === 1 ? "process" : "processes"} ${list(holders)}`;
}

/** The request first (SPEC D8): alone, its holder keeps only that one waiting, if it only reads. The log tells no lock of it. */
function adviceOf({ holders }: LoggedLockQueue, { process }: Request): string {
  const who = holders.length === 0 ? "who has the table" : list(holders);
  return `by whoever gets in: see first in pg_stat_activity what ${who} does; where it changes the table itself, all wait for that and nobody is to be cancelled. Where it only reads or writes rows, SELECT pg_cancel_backend(${process}), if its query is still that one, ends the queue, and the change can be tried again with lock_timeout set`;
}

function whoHasIt({ holders, relation }: LoggedLockQueue): string {
  const who = holders.length === 0 ? "who has it" : `what ${list(holders)} does`;
  return `by whoever gets in: pg_stat_activity tells ${who} and pg_blocking_pids() who waits for whom; SELECT ${relation}::regclass names the table in its database. Nobody is named to be cancelled, as it may be in vain`;
}
