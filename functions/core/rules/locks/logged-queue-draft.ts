import { type LoggedLockQueue, loggedLockQueue } from "../../facts/logged-lock-queue.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { severityOfWaits, workFallen } from "../../facts/work-fallen.ts";
import { duration, list, plural, requestName, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const shown = 2;

/** Without a look at the locks, PostgreSQL's log of them. A process is a number that may be somebody else's by now. */
export function loggedQueueDrafts(view: View): readonly FindingDraft[] {
  const queue = loggedLockQueue(view);
  if (queue === null) return [];
  const { process, user, statement, waitedSeconds, behind, inPart, statementsBehind } = queue;
  const text = statementText(statement);
  const fallen = workFallen(view);
  const source = "error log";
  return [
    {
      subject: `process:${process}`,
      severity: severityOfWaits(view, behind),
      confidence: fromOutside(view, 0.85),
      summary: `A queued ${requestName(statement)} (${user === null ? "" : `user ${user}, `}process ${process}) has waited ${duration(waitedSeconds)} for its table, ${heldBy(queue)}; ${inPart ? "at least " : ""}${plural(behind, "session queues", "sessions queue")} behind it${text === null ? "" : `: ${text}`}; nobody got in, so that nobody is to be ended for it`,
      evidence: [
        ...statementsBehind.slice(0, shown).flatMap((one) => {
          const waiting = statementText(one);
          return waiting === null ? [] : [{ source, says: `waits behind it: ${waiting}` }];
        }),
        ...(fallen === null ? [] : [fallen]),
        { source: "engine", says: adviceOf(queue) },
      ],
      explains: [
        { cause: "connections-near-limit", because: "who waits for a table keeps its connection" },
        { cause: "too-many-connections", because: "who waits for a table keeps its connection" },
      ],
      actions: [],
    },
  ];
}

function heldBy({ holders }: LoggedLockQueue): string {
  if (holders.length === 0) return "held by a session that was not seen";
  return `held by ${holders.length === 1 ? "process" : "processes"} ${list(holders)}`;
}

/** The request first (SPEC D8): alone, its holder keeps only that one waiting. */
function adviceOf({ process, holders }: LoggedLockQueue): string {
  const holder = holders.length === 0 ? "" : `; what ${list(holders)} does, pg_stat_activity tells`;
  return `by whoever gets in: SELECT pg_cancel_backend(${process}), if its query is still that one, ends the queue at once, and the change can be tried again with lock_timeout set${holder}`;
}
