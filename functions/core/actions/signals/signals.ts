import type { Target } from "../../contract/target.ts";
import type { SqlStatement } from "../../ports.ts";
import type { SessionTarget } from "./session-target.ts";

/**
 * One way of sending a signal. Ways are tried in order: which one exists depends on where the engine runs. `byHand` is
 * the same for a person to paste, where `act` is not what a client takes or is not safe without what precedes it.
 */
export type Way =
  /** The identity is in the acting statement; an answer without a row means that nothing matched. */
  | { readonly kind: "answers-rows"; readonly act: SqlStatement }
  /** The identity is in the acting statement; "no such thread" means that nothing matched. */
  | { readonly kind: "names-id"; readonly act: SqlStatement; readonly byHand?: readonly SqlStatement[] }
  /** The engine's statement takes no condition: sent on the same connection right after `check` answered a row. */
  | {
      readonly kind: "check-then-act";
      readonly check: SqlStatement;
      readonly act: SqlStatement;
      readonly byHand: readonly SqlStatement[];
    };

export interface SignalOptions {
  readonly target: Target;
  /** Whether the acting statement matches nobody who is an administrator. */
  readonly spares: boolean;
}

/** How one engine signals a session: what a proposal shows too. The sending is send-signal.ts's. */
export interface Signals {
  cancel(input: SessionTarget, options: SignalOptions): readonly Way[];
  terminate(input: SessionTarget, options: SignalOptions): readonly Way[];
  /** PostgreSQL: a cancelled statement ends its transaction, so that the connection may live on. */
  readonly cancelBeforeTerminate: boolean;
}

/** How one engine looks at a session: nobody's but who acts, and apart from Signals so that no proposal brings it along. */
export interface Looks {
  /** One row as victim.ts reads it, or none when the session does not exist. */
  look(input: SessionTarget): SqlStatement;
  /** One row with "administrator", where the look cannot say it because it takes rights of its own; else null. */
  askAdministrator(input: SessionTarget): SqlStatement | null;
  /** One row with "holdsAdvisory", where the look cannot say it because it may not be recorded; else null. */
  askNamedLocks(input: SessionTarget): SqlStatement | null;
  /** One row with "holdsTemporary"; null where no statement tells whose temporary tables there are. */
  askTemporary(input: SessionTarget): SqlStatement | null;
  /** A row with "table" where it has written what no rollback undoes; null where a rollback undoes all. */
  askNotUndone(input: SessionTarget): SqlStatement | null;
  /** A row or more where its transaction is one of XA, or may be prepared; null where none of a session ever is. */
  askPrepared(input: SessionTarget): SqlStatement | null;
}
