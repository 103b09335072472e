import type { Engine, Target } from "../../contract/target.ts";
import type { SqlStatement } from "../../ports.ts";
import type { DatabaseWorld } from "../define.ts";
import type { Check, TakesBack, Verdict } from "../steps.ts";
import type { ObjectInput } from "./postgres-object.ts";

/** A statement on an object of the database, that may take hours. */
export interface ObjectStatement<Input> {
  /** As it follows "The": "index build". */
  readonly what: string;
  readonly grants: Readonly<Record<Engine, readonly string[]>>;
  /** It gives up rather than wait for a lock any longer, so that nobody queues behind it. */
  readonly lockSeconds: Readonly<Record<Engine, number>>;
  /** Nobody waits for it any longer. PostgreSQL and MariaDB then end it; MySQL ends nothing but a SELECT. */
  readonly longestSeconds: number;
  sql(input: Input, target: Target): string;
  /** The same as it is sent, with what only the server tells. */
  sends?(world: DatabaseWorld, input: Input): Promise<string>;
  /** Re-reads the object, the rights to it, and what stands in the way. */
  check(world: DatabaseWorld, input: Input): Promise<Check>;
  /** Whether what was wanted is there: done no longer ago than so many seconds, and other than the mark. */
  proves(world: DatabaseWorld, input: Input, withinSeconds: number, mark: string | null): Promise<Verdict>;
  /** A setting of this session that the acting statement needs. */
  setting?(world: DatabaseWorld, input: Input): Promise<SqlStatement | null>;
  /** What the object is like before; of what leaves no other trace. */
  marks?(world: DatabaseWorld, input: Input): Promise<string | null>;
  /** What will take it back, as long as the state before is there to be read. */
  undoes?(world: DatabaseWorld, input: Input): Promise<TakesBack>;
  /**
   * The same where it is done already, by an attempt that died: from the order and what is there now. Without `undoes` at
   * every end, for what only then is there to be read.
   */
  undoesFound?(world: DatabaseWorld, input: Input): Promise<TakesBack>;
  /**
   * By what a later attempt at one order sees that it was done by one that died: by its time, or by nothing, and then
   * nothing is done again. Absent: the check sees it by how the object is.
   */
  readonly foundAgain?: "by-time" | "by-nothing";
  /**
   * Of what goes over a person who has set it back, if it is sent a second time: by what a later attempt at one order sees
   * that nobody has changed it since. By nothing: it sends nothing. Absent: twice is as good as once.
   */
  readonly isUntouched?: "by-nothing" | ((world: DatabaseWorld, input: Input) => Promise<boolean>);
  /** What it makes, by what nothing else has, while it is at work in this process of the server; null: not seen. */
  makes?(
    world: DatabaseWorld,
    backend: { readonly id: number; readonly since: string },
  ): Promise<string | null>;
  /** Why what is there under the name may be somebody else's; null: it is what was made, or there is nothing. */
  notOwn?(world: DatabaseWorld, input: Input, made: string | null): Promise<string | null>;
  /** What it has done already where it did not end well, and how to go on; null when nothing. */
  halfDone?(world: DatabaseWorld, input: Input): Promise<string | null>;
  /** What a statement that does not end well leaves behind, and may have been left by others before. */
  leftovers?(world: DatabaseWorld, input: Input): Promise<readonly ObjectInput[]>;
}

/** For what others would queue behind: it gives up at once. */
export const impatient: ObjectStatement<unknown>["lockSeconds"] = { postgres: 5, mysql: 5, mariadb: 5 };
/**
 * PostgreSQL's concurrent builds wait for older transactions and nobody waits for them: more than this would only hold
 * vacuum back. On MySQL and MariaDB others do queue.
 */
export const patient: ObjectStatement<unknown>["lockSeconds"] = { postgres: 600, mysql: 5, mariadb: 5 };
