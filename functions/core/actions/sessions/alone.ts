import * as z from "zod";
import type { SqlStatement } from "../../ports.ts";
import type { DatabaseWorld } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";

/**
 * An order that names nobody, carried out twice at the same time, would end twice as many: who is at it keeps a lock by
 * name until its connection closes. Null: nobody else is. Asked again on the same connection it is granted again.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADVISORY-LOCKS
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html#function_get-lock
 */
export async function notAlone(
  { session, signal, target }: DatabaseWorld,
  { sql, params = [] }: SqlStatement,
): Promise<Check | null> {
  const ask =
    target.engine === "postgres"
      ? "select pg_try_advisory_lock(hashtextextended($1, 0)) as alone"
      : "SELECT GET_LOCK(CONCAT('rdsr-', SHA2(?, 224)), 0) = 1 AS alone";
  const [row] = await session.query({ sql: ask, params: [JSON.stringify([sql, params])] }, signal);
  const { alone } = z
    .object({ alone: z.union([z.boolean(), z.coerce.number().transform((one) => one === 1)]) })
    .parse(row);
  return alone
    ? null
    : refuse(
        "order-under-way",
        "Another execution ends such sessions just now; two together would end more than was agreed to.",
        "Nothing to release: what the other one has done is its outcome.",
      );
}
