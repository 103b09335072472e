import type { Session } from "../contract/session.ts";
import type { Engine } from "../contract/target.ts";
import { describeSession, duration, plural, requestName, statementText } from "../text/wording.ts";
import type { SecondBest } from "./second-best.ts";

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
  return `${describeSession(holder, engine)}${state}${open === null ? "" : ` for ${duration(open)}`}`;
}
