import { keepsConnections } from "../../facts/logged-lock-queue.ts";
import { type LoggedRowHolder, loggedRowHolder } from "../../facts/logged-row-holder.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { severityOfWaits, workFallen } from "../../facts/work-fallen.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Without a look at the locks, the transaction that PostgreSQL's log names for everybody who waits. */
export function loggedHolderDrafts(view: View, idle: boolean): readonly FindingDraft[] {
  const holder = view.forests === null ? loggedRowHolder(view) : null;
  if (holder === null || holder.idle !== idle) return [];
  const { process, heldSeconds, waiting: waiters, table, statement } = holder;
  const text = statementText(statement);
  const fallen = workFallen(view);
  // A wait is logged where log_lock_waits is on and the file of its beginning is the newest.
  const waiting = Math.max(waiters, outsideWait(view, waitNames.row)?.sessions ?? 0);
  const because = "who waits for a row keeps its connection";
  return [
    {
      subject: `process:${process}`,
      severity: severityOfWaits(view, waiting),
      confidence: fromOutside(view, 0.85),
      summary: `One transaction, of process ${process}, has kept ${table === null ? "rows" : `rows of ${table}`} for ${duration(heldSeconds)} or longer, and ${plural(waiters, "session waits", "sessions wait")} for it by the log${text === null ? "" : `: ${text}`}; ${workText(holder)}; nobody got in, so that nobody is to be ended for it`,
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
              : `by whoever gets in: SELECT usename, application_name, state, xact_start, query FROM pg_stat_activity WHERE pid = ${process} tells whose it is; its application is to commit or roll back, or, if it is still that transaction, pg_terminate_backend(${process}) frees the rows`,
        },
      ],
      explains: keepsConnections(view, { waiting })
        ? (["connections-near-limit", "too-many-connections"] as const).map((cause) => ({ cause, because }))
        : [],
      actions: [],
    },
  ];
}

/** PostgreSQL logs no process for it. */
const preparedOne =
  "process 0 is a prepared transaction: by whoever gets in, SELECT gid, prepared, owner FROM pg_prepared_xacts tells which, and whoever prepared it commits it or rolls it back";

function workText({ idle }: LoggedRowHolder): string {
  return idle
    ? "it does nothing meanwhile: but for those who wait, less than one session is at work"
    : "whether it works or idles could not be seen";
}
