import { keepsConnections, longSilent, severityOfLogged } from "../../facts/logged-lock-queue.ts";
import { type LoggedRowHolder, loggedRowHolder } from "../../facts/logged-row-holder.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { workFallen } from "../../facts/work-fallen.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";
import { outsideRowWaits } from "./outside-row-waits-draft.ts";

/**
 * Without a look at the locks, the transaction that PostgreSQL's log names for everybody who waits: it idles as a rule, but
 * for what may be at work.
 */
export function loggedHolderDrafts(view: View, idle: boolean): readonly FindingDraft[] {
  const holder = view.forests === null ? loggedRowHolder(view) : null;
  if (holder === null || (holder.idle !== "unknown") !== idle) return [];
  const { process, heldSeconds, waiting: waiters, table, statement } = holder;
  const text = statementText(statement);
  const fallen = workFallen(view);
  const because = "who waits for a row keeps its connection";
  return [
    {
      subject: `process:${process}`,
      severity: severityOfLogged(view, holder),
      confidence: fromOutside(view, holder.idle === "likely" ? 0.75 : 0.85),
      summary: `One transaction, of process ${process}, has kept ${table === null ? "rows" : `rows of ${table}`} for ${duration(heldSeconds)} or longer, and ${plural(waiters, "session waits", "sessions wait")} for it by the log${text === null ? "" : `: ${text}`}; ${workText(holder)}${silence(holder)}; nobody got in, so that nobody is to be ended for it`,
      evidence: [
        {
          source: "error log",
          says: `process ${process} holds what ${plural(waiters, "session waits", "sessions wait")} for`,
        },
        ...(fallen === null ? [] : [fallen]),
        {
          source: "engine",
          says:
            process === "0"
              ? preparedOne
              : `by whoever gets in: SELECT usename, application_name, state, xact_start, query FROM pg_stat_activity WHERE pid = ${process} tells whose it is and whether it idles; its application is to commit or roll back, or, if it idles and is still that transaction, pg_terminate_backend(${process}) frees the rows: of one at work what it has done is lost`,
        },
      ],
      explains: keepsConnections(view, holder)
        ? (["connections-near-limit", "too-many-connections"] as const).map((cause) => ({ cause, because }))
        : [],
      actions: [],
    },
  ];
}

/** Who keeps its rows is told by the log, and as an idle transaction where it is one; others may wait for other rows. */
export function outsideRowDrafts(view: View): readonly FindingDraft[] {
  const holder = loggedRowHolder(view);
  if (holder === null) return outsideRowWaits(view);
  return [...loggedHolderDrafts(view, false), ...(holder.othersWait ? outsideRowWaits(view) : [])];
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
