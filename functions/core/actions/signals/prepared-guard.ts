import type { DatabaseWorld } from "../define.ts";
import type { Check } from "../steps.ts";
import type { SessionVerb } from "./moved-on.ts";
import { refuse } from "./refuse.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Looks } from "./signals.ts";

/**
 * A prepared XA transaction outlives its session, with all its locks: ending the session frees nobody and takes the
 * branch from whoever was about to finish it. https://dev.mysql.com/doc/refman/8.4/en/xa-states.html
 */
export async function preparedCheck(
  world: DatabaseWorld,
  input: SessionTarget,
  verb: SessionVerb,
  { askPrepared }: Pick<Looks, "askPrepared">,
): Promise<Check | null> {
  const ask = verb === "terminate" && input.state === "idle-in-transaction" ? askPrepared(input) : null;
  if (ask === null) return null;
  const rows = await world.session.query(ask, world.signal);
  const [first] = rows;
  if (first === undefined) return null;
  if (world.target.engine === "mysql" && first["state"] !== "PREPARED")
    return openBranch(world, input, first["state"] === "UNKNOWN");
  const postfix = "its locks would stay, and nobody who waits would go on";
  return world.target.engine === "mysql"
    ? refuse(
        "prepared-transaction",
        `The XA transaction of session ${input.sessionId} is prepared and outlives it: ${postfix}.`,
        "Its transaction manager, or a person, finishes it: XA COMMIT or XA ROLLBACK (XA RECOVER lists it).",
      )
    : refuse(
        "prepared-transaction",
        `XA RECOVER lists ${rows.length} prepared XA transaction${rows.length === 1 ? "" : "s"}, and what session ${input.sessionId} ran last is not recorded: were one of them its own, ${postfix}.`,
        "Lifts by itself when none is prepared. Or a person looks whether XA RECOVER FORMAT='SQL' lists one of that application, and ends the session by the statement that is shown when it does not. With performance_schema on (parameter group, restart) it can be told.",
      );
}

/** Half of a transaction whose other halves are elsewhere, and lost with it; or not known to be none. */
function openBranch({ guards }: DatabaseWorld, { sessionId }: SessionTarget, unknown: boolean): Check | null {
  if (guards.unasked !== true) return null;
  return unknown
    ? refuse(
        "cannot-see",
        `Whether session ${sessionId} is in an XA transaction is not recorded.`,
        "A person decides. performance_schema with the instrument transaction and the consumer events_transactions_current, on by default, shows it.",
      )
    : refuse(
        "never-alone",
        `Session ${sessionId} is in an XA transaction, one half of what its client does elsewhere too.`,
        "A person decides: an approver approves the request, or carries out the statement that is shown.",
      );
}
