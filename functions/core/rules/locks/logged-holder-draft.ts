import {
  keepsConnections,
  longSilent,
  notToBeEnded,
  severityOfLogged,
} from "../../facts/logged-lock-queue.ts";
import { type LoggedRowHolder, loggedRowHolder } from "../../facts/logged-row-holder.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { severityOfWaits, workFallen } from "../../facts/work-fallen.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";
import { outsideRowWaits } from "./outside-row-waits-draft.ts";

/**
 * Without a look at the locks, the transaction that PostgreSQL's log names for everybody who waits: it idles as a rule, but
 * for what may be at work.
 */
export function loggedHolderDrafts(view: View, of: HolderKind): readonly FindingDraft[] {
  const holder = view.forests === null ? loggedRowHolder(view) : null;
  if (holder === null || kindOf(holder) !== of) return [];
  const { process, heldSeconds, table, statement, seen } = holder;
  const waiters = seen?.waiting ?? holder.waiting;
  const by = seen === null ? "the log" : "pg_locks";
  const text = statementText(statement);
  const fallen = workFallen(view);
  const because = "who waits for a row keeps its connection";
  return [
    {
      subject: `process:${process}`,
      severity: seen === null ? severityOfLogged(view, holder) : severityOfWaits(view, waiters),
      confidence: fromOutside(view, holder.idle === "likely" ? 0.75 : 0.85),
      summary: `${whoText(of, holder)} has kept ${table === null ? "rows" : `rows of ${table}`} for ${duration(heldSeconds)} or longer, and ${plural(waiters, "session waits", "sessions wait")} for it by ${by}${text === null ? "" : `: ${text}`}; ${of === "prepared" ? "it has no session to end" : workText(holder)}${silence(holder)}; ${notToBeEnded(view)}`,
      evidence: [
        {
          source: "error log",
          says: `process ${process} holds what ${plural(holder.waiting, "session waits", "sessions wait")} for`,
        },
        ...(fallen === null ? [] : [fallen]),
        {
          source: "engine",
          says:
            of === "prepared"
              ? preparedOne
              : `by whoever gets in: SELECT usename, application_name, state, xact_start, query FROM pg_stat_activity WHERE pid = ${process} tells whose it is and whether it idles; its application is to commit or roll back, or, if it idles and is still that transaction, pg_terminate_backend(${process}) frees the rows: of one at work what it has done is lost`,
        },
      ],
      explains: keepsConnections(view, { waiting: waiters })
        ? (["connections-near-limit", "too-many-connections"] as const).map((cause) => ({ cause, because }))
        : [],
      actions: [],
    },
  ];
}

function whoText(of: HolderKind, { process, seen }: LoggedRowHolder): string {
  if (of === "prepared") return "A prepared transaction";
  return `One transaction, of ${seen?.user ? `user ${seen.user}, ` : ""}process ${process},`;
}

type HolderKind = "idle" | "at-work" | "prepared";

/** Process 0 is nobody's: of a prepared transaction. */
function kindOf({ process, idle }: LoggedRowHolder): HolderKind {
  if (process === "0") return "prepared";
  return idle === "unknown" ? "at-work" : "idle";
}

/** Who keeps its rows is told by the log, and as an idle transaction where it is one; others may wait for other rows. */
export function outsideRowDrafts(view: View): readonly FindingDraft[] {
  const holder = loggedRowHolder(view);
  if (holder === null) return outsideRowWaits(view);
  return [...loggedHolderDrafts(view, "at-work"), ...(holder.othersWait ? outsideRowWaits(view) : [])];
}

/** PostgreSQL logs no process for it. */
const preparedOne =
  "process 0 is a prepared transaction: by whoever gets in, SELECT gid, prepared, owner FROM pg_prepared_xacts tells which, and whoever prepared it commits it or rolls it back";

function silence({ silentSeconds }: LoggedRowHolder): string {
  return silentSeconds < longSilent
    ? ""
    : `; the log's last word of it is of ${duration(silentSeconds)} ago, and none of an end`;
}

function workText({ idle }: LoggedRowHolder): string {
  if (idle === "proved")
    return "it does nothing meanwhile: but for those who wait, next to nothing is at work";
  return idle === "likely"
    ? "it idles most likely: but for those who wait, less than one session is at work"
    : "whether it works or idles could not be seen";
}
