import * as z from "zod";
import { SqlError } from "../../errors.ts";
import { postgresIdentifier } from "../../text/sql-names.ts";
import { xidOf } from "../../text/xa-xid.ts";
import type { DatabaseWorld } from "../define.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";

export interface ToFinish {
  readonly gid: string;
  readonly decision: "commit" | "rollback";
  readonly prepared: string | null;
}

const preparedSchema = z.object({
  owner: z.string(),
  database: z.string(),
  here: z.boolean(),
  seconds: z.coerce.number(),
  prepared: z.string(),
  same: z.boolean().nullable(),
  mine: z.boolean(),
  may: z.boolean(),
});

/** https://www.postgresql.org/docs/current/view-pg-prepared-xacts.html; SET ROLE takes the SET option from 16 on. */
async function lookAt(
  { session, signal }: DatabaseWorld,
  { gid, prepared }: ToFinish,
): Promise<z.infer<typeof preparedSchema> | null> {
  const option = session.server.major >= 16 ? "SET" : "MEMBER";
  const sql = `select p.owner, p.database, p.database = current_database() as here,
  extract(epoch from clock_timestamp() - p.prepared) as seconds, p.prepared::text as prepared,
  p.prepared = $2::timestamptz as same, p.owner = current_user as mine,
  pg_has_role(current_user, p.owner, '${option}') as may from pg_catalog.pg_prepared_xacts p where p.gid = $1`;
  const [row] = await session.query({ sql, params: [gid, prepared] }, signal);
  return row === undefined ? null : preparedSchema.parse(row);
}

export async function mayFinishPostgres(world: DatabaseWorld, input: ToFinish): Promise<Check> {
  const found = await lookAt(world, input);
  const { gid } = input;
  if (found === null) return finished(input);
  if (!found.here)
    return refuse(
      "other-database",
      `Prepared transaction ${gid} is one of database ${found.database}, and is finished there only.`,
      `Give the order for database ${found.database}.`,
    );
  // An age would fit whatever was prepared between the look and the order.
  if (found.same !== true)
    return refuse(
      "not-the-same",
      `Prepared transaction ${gid} is of ${found.prepared}, ${input.prepared === null ? "and of when the one is that was decided on is not said" : `not of ${input.prepared}: it is another`}.`,
      `Its owner decides about this one; the order for it has "prepared": "${found.prepared}".`,
    );
  return found.may
    ? {
        kind: "go",
        says: `Prepared transaction ${gid} of ${found.owner} is ${Math.round(found.seconds)} s old.`,
      }
    : refuse(
        "grant-missing",
        `Only ${found.owner}, its owner, may finish prepared transaction ${gid}.`,
        `GRANT ${postgresIdentifier(found.owner)} TO the acting user; or ${found.owner} runs the statement that is shown.`,
      );
}

/** Null: the acting user has prepared it itself. */
export async function postgresRole(world: DatabaseWorld, input: ToFinish): Promise<string | null> {
  const found = await lookAt(world, input);
  return found === null || found.mine ? null : `set role ${postgresIdentifier(found.owner)}`;
}

/** It may have been rolled back or committed: to whom finishes the other halves either may mean that this one is lost. */
function finished({ gid }: ToFinish): Check {
  const says = `Prepared transaction ${gid} is not there: it is finished, which way is not known.`;
  return { kind: "already-done", unproved: true, says };
}

/** Neither engine tells since when one is prepared; its name is all there is. */
export async function mayFinishXa(
  { session, signal, target }: DatabaseWorld,
  input: ToFinish,
): Promise<Check> {
  const { gid } = input;
  const sql = target.engine === "mariadb" ? "XA RECOVER FORMAT='SQL'" : "XA RECOVER CONVERT XID";
  try {
    const rows = await session.query({ sql }, signal);
    return rows.some((row) => bare(xidOf(row)) === bare(gid))
      ? { kind: "go", says: `XA RECOVER lists ${gid}.` }
      : finished(input);
  } catch (error) {
    if (!(error instanceof SqlError) || error.kind !== "permission") throw error;
    return refuse(
      "cannot-see",
      "The acting user may not see which XA transactions are prepared.",
      "GRANT XA_RECOVER_ADMIN ON *.* TO the acting user.",
    );
  }
}

/** One name in the ways in which it is written: X'61' and 'a', with and without what goes without saying. */
function bare(xid: string): string {
  const [format] = /,\d+$/.exec(xid) ?? [",1"];
  const parts = [...xid.replace(/,\d+$/, "").matchAll(/(x?)'([^']*)'/gi)].map(([, hex, text = ""]) =>
    hex === "" ? toHex(text) : text.toLowerCase(),
  );
  const [global = toHex(xid), branch = ""] = parts;
  return `${global},${branch}${format}`;
}

function toHex(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
