import * as z from "zod";
import type { Session } from "../../contract/session.ts";
import type { SqlRow } from "../../ports.ts";
import type { MetadataLock } from "./metadata-rows.ts";
import { statementSchema, threadSchema } from "./snapshot-sql.ts";

/** By thread: how long ago the statement began that runs now, which a procedure's CALL did before. */
export type AskedSeconds = ReadonlyMap<number, number>;

/** Of the answers of mysqlSnapshotStatements. MySQL tells by the innermost statement, MariaDB by the thread. */
export function readAskedSeconds([
  ,
  ,
  threads = [],
  statements = [],
]: readonly (readonly SqlRow[])[]): AskedSeconds {
  const rows = [...z.array(threadSchema).parse(threads), ...z.array(statementSchema).parse(statements)];
  return new Map(
    rows.flatMap(({ thread_id, own_seconds }) => (own_seconds === null ? [] : [[thread_id, own_seconds]])),
  );
}

/** MariaDB counts it in whole seconds, which begin with those of the clock. */
const slackSeconds = 1.5;

/**
 * How long a statement waits for a lock that it asks for as it begins; null where that is not told. The one lock that is
 * asked for at the end of a statement is that of its commit.
 */
export function metadataWait(
  { thread_id, mode, type }: MetadataLock,
  session: Session | null,
  asked: AskedSeconds,
): number | null {
  const own = asked.get(thread_id);
  const age = session?.statementSeconds ?? null;
  if (own === undefined || age === null) return null;
  const commits = mode === "BACKUP_COMMIT" || type === "COMMIT";
  if (commits && !/^\s*(commit|xa\s+commit)\b/i.test(session?.query ?? "")) return null;
  return age - own < slackSeconds ? age : own;
}
