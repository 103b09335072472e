import type { Session } from "../contract/session.ts";
import type { View } from "../facts/view.ts";
import { plural } from "../text/wording.ts";
import { isUncounted } from "./mysql-costs.ts";

/** What is undone when the session's transaction or statement ends, as far as the engine counts it. */
export function rollbackText(view: View, session: Session): string {
  return `${undone(view, session)}${unfinished(view, session)}`;
}

function undone({ policy, server, evidence }: View, session: Session): string {
  const { rowsModified } = session;
  // Its server refuses whatever writes: https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-USERS
  if (evidence.target.engine === "postgres" && server?.readOnlyBecause?.includes("standby") === true)
    return "on a standby it can have changed no rows";
  if (rowsModified === null) return "how many changes roll back is not known";
  const uncounted = isUncounted(session);
  if (rowsModified === 0) {
    return uncounted
      ? "InnoDB counts no row that it has changed; what it has written to tables of other engines stays half done"
      : "it has changed no rows";
  }
  const long = rowsModified > policy.maxRollbackRows ? ", which may take longer than waiting" : "";
  const stays = uncounted
    ? "; what it has written to tables of other engines, if to any, stays half done"
    : "";
  return `${plural(rowsModified, "changed row")} roll back${long}${stays}`;
}

/** Of several statements that were sent in one text the server shows the one that it is at. */
function unfinished({ evidence }: View, { state, sentByClient }: Session): string {
  if (evidence.target.engine === "postgres" || state !== "active") return "";
  return sentByClient === true
    ? "; statements that its client sent in the same text do not run"
    : "; if it is part of a CALL, what that has committed stays and its later steps do not run";
}
