import type { Session } from "../contract/session.ts";
import { stateAge } from "./state-age.ts";
import { duration } from "./wording.ts";

/**
 * "idle in transaction for 4 min 12 s" of a session that runs no statement. A pause shorter than `noticeSeconds` in a transaction
 * that is older is no idling: it goes on at once, and keeps what it has locked.
 */
export function idleText(session: Session, noticeSeconds: number): string {
  const { state, stateSeconds, transactionSeconds, transactionUnknown } = session;
  const age = stateAge(session);
  if (transactionUnknown) return `asleep with locks held for ${age}`;
  if (state === "idle") return `idle with locks held for ${age}`;
  const goesOn =
    stateSeconds !== null && stateSeconds < noticeSeconds && (transactionSeconds ?? 0) >= noticeSeconds;
  return goesOn && state === "idle-in-transaction"
    ? `between two statements of a transaction open for ${duration(transactionSeconds)}`
    : `${state.replaceAll("-", " ").trim()} for ${age}`;
}
