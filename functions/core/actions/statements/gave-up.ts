import type { SqlError } from "../../errors.ts";
import type { DatabaseWorld } from "../define.ts";
import type { Run } from "../steps.ts";
import { refusalOf } from "./lock-limit.ts";
import type { ObjectStatement } from "./object-statement.ts";
import { tidy } from "./tidy.ts";

/** The server's no to a statement, after what it has left was taken away. */
export async function gaveUp<Input>(
  statement: ObjectStatement<Input>,
  world: DatabaseWorld,
  input: Input,
  { error, before }: { readonly error: SqlError; readonly before: readonly string[] },
): Promise<Run> {
  // What is there by that name is somebody else's.
  const tidied =
    error.code === "42P07" ? null : await tidy(statement, world, input, { before, mayDrop: true });
  const half = (await statement.halfDone?.(world, input)) ?? null;
  const left = [tidied, half].map((one) => (one === null ? "" : ` ${one}`)).join("");
  const refusal = refusalOf(error, {
    what: statement.what,
    seconds: statement.lockSeconds[world.target.engine],
    left,
  });
  return refusal === null || half !== null
    ? { kind: "failed", says: `The ${statement.what} failed: ${error.message}.${left}` }
    : { kind: "refuse", ...refusal };
}
