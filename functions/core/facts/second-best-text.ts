import type { Session } from "../contract/session.ts";
import type { Engine } from "../contract/target.ts";
import { mysqlSessionsAloneRows } from "../probes/mysql/sessions-alone-rows.ts";
import { mentions } from "../text/table-in.ts";
import { describeSession, duration, plural, requestName, statementText } from "../text/wording.ts";
import { looksLockBound } from "./running.ts";
import { type SecondBest, secondBestOf } from "./second-best.ts";
import type { View } from "./view.ts";

/** "31 sessions wait for a lock on orders, the longest for 40 s; first in line: …; likely holder: …". */
export function secondBestText(second: SecondBest, engine: Engine): string {
  const { waiters, longestWaitSeconds, object, first, likelyHolder } = second;
  const on = object === null ? "" : ` on ${object}`;
  const longest = longestWaitSeconds === null ? "" : `, the longest for ${duration(longestWaitSeconds)}`;
  return [
    `${plural(waiters, "session waits", "sessions wait")} for a lock${on}${longest}`,
    ...(first === null ? [] : [`first in line: ${firstText(first, engine)}`]),
    ...(first === null ? [] : [`likely holder: ${holderText(likelyHolder, engine)}`]),
  ].join("; ");
}

/**
 * "by pg_locks alone 58 sessions wait …; likely holder: user reports, pid 8121": of the table that a statement names, where
 * sessions are hidden and something else was open; null where it was not, or tells of another table.
 */
export function hiddenHolder(view: View, statement: string | null): string | null {
  const second = hiddenWaits(view, statement);
  if (second === null || second.likelyHolder === null) return null;
  return `by ${second.by} ${secondBestText(second, view.evidence.target.engine)}`;
}

/** The same where nobody is likely: how many wait by now, how long, and which request stands first, of whose session. */
export function hiddenQueue(view: View, statement: string | null): readonly Line[] {
  const second = hiddenWaits(view, statement);
  if (second?.first == null || second.likelyHolder !== null) return [];
  const table = second.object?.split(".").at(-1) ?? "";
  const here = (view.rows(mysqlSessionsAloneRows) ?? []).filter(
    (session) => looksLockBound(session) && mentions(session.query, table),
  ).length;
  const some = here > 0 && here < second.waiters ? `; ${here} of them name ${table}` : "";
  const isCut = view.evidence.probes.some(({ id, truncated }) => id === second.source && truncated);
  const more = isCut ? "; more may wait, the list was cut" : "";
  const says = `by ${second.by} ${secondBestText(second, view.evidence.target.engine)}${some}${more}`;
  return [{ source: second.source, says }];
}

type Line = { readonly source: string; readonly says: string };

function hiddenWaits(view: View, statement: string | null): SecondBest | null {
  const second = view.sessions === null ? secondBestOf(view) : null;
  const table = /[\p{L}\p{N}_$]+$/u.exec(second?.object ?? "")?.[0];
  return table === undefined || !mentions(statement, table) ? null : second;
}

function firstText(first: Session, engine: Engine): string {
  const request = requestName(first.query);
  const statement = statementText(first.query);
  const what = request === "lock request" ? statement : request;
  return `${what === null ? "" : `${what}, `}${describeSession(first, engine)}`;
}

function holderText(holder: Session | null, engine: Engine): string {
  if (holder === null) return "not to be seen";
  const state = holder.state === "other" ? "" : `, ${holder.state.replaceAll("-", " ")}`;
  const open = holder.transactionSeconds ?? holder.statementSeconds;
  const statement = holder.state === "active" ? statementText(holder.query) : null;
  return `${describeSession(holder, engine)}${state}${open === null ? "" : ` for ${duration(open)}`}${statement === null ? "" : ` (${statement})`}`;
}
