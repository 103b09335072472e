import * as z from "zod";
import type { Target } from "../../contract/target.ts";
import { SqlError } from "../../errors.ts";
import { sqlLiteral } from "../../text/sql-literal.ts";
import { type DatabaseWorld, defineDatabaseAction, defineOffer } from "../define.ts";
import { sentNote } from "../sent.ts";
import { lockLimit, refusalOf } from "../statements/lock-limit.ts";
import { mayFinishPostgres, mayFinishXa, postgresRole, type ToFinish } from "../statements/prepared.ts";
import type { Check, Run, Verdict } from "../steps.ts";

/** X'6162',X'',1 as XA RECOVER names it on MySQL, 'a','b',1 on MariaDB: literals and numbers, and nothing else. */
const xid = /^(?:x'[0-9a-f]*'|'[^'\\]*')(?:,(?:x'[0-9a-f]*'|'[^'\\]*'))?(?:,\d+)?$/i;

const moment = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d(?::?\d\d)?)$/;

const inputSchema = z.strictObject({
  gid: z.string().min(1).max(500),
  /** Its owner's, or its transaction manager's: nobody else knows whether the other halves were committed. */
  decision: z.enum(["commit", "rollback"]),
  /** PostgreSQL's moment of the one that was decided on, as pg_prepared_xacts has it; null where the engine tells none. */
  prepared: z.string().regex(moment).nullable(),
});

/** A5: ends a prepared transaction that no session owns any more. */
export const finishPreparedOffer = defineOffer({
  id: "finish-prepared-transaction",
  spec: ["A5", "A40"],
  title: "Finish the prepared transaction",
  risk: "irreversible",
  asksAlways: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: null,
  preview: statementOf,
  describes: ({ gid, decision }) =>
    `${decision === "commit" ? "Commits" : "Rolls back"} prepared transaction ${gid}, for good`,
  key: ({ gid, decision }) => `finish-prepared-transaction ${gid} ${decision}`,
});

/**
 * https://www.postgresql.org/docs/current/sql-rollback-prepared.html
 * https://dev.mysql.com/doc/refman/8.4/en/xa-statements.html
 */
function statementOf({ gid, decision }: ToFinish, { engine }: Pick<Target, "engine">): string {
  const verb = decision === "commit" ? "COMMIT" : "ROLLBACK";
  return engine === "postgres"
    ? `${verb} PREPARED ${sqlLiteral(gid, "postgres")}`
    : `XA ${verb} ${xid.test(gid) ? gid : sqlLiteral(gid, engine)}`;
}

export const finishPrepared = /* @__PURE__ */ defineDatabaseAction(finishPreparedOffer, {
  grants: { postgres: [], mysql: ["GRANT XA_RECOVER_ADMIN ON *.* TO {user}"], mariadb: [] },
  preCheck: check,
  run,
  verify,
});

function check(world: DatabaseWorld, input: ToFinish): Promise<Check> {
  return world.target.engine === "postgres" ? mayFinishPostgres(world, input) : mayFinishXa(world, input);
}

const lockSeconds = 5;
const longestMs = 30_000;
/** No such prepared transaction: PostgreSQL's undefined_object, XAER_NOTA. */
const unknown: ReadonlySet<string> = new Set(["42704", "ER_XAER_NOTA"]);

/** PostgreSQL lets only its owner finish it: the statement is sent as that role. */
async function run(world: DatabaseWorld, input: ToFinish): Promise<Run> {
  const { session, target, signal } = world;
  await session.limit(longestMs);
  await session.query({ sql: lockLimit(target.engine, lockSeconds) }, signal);
  const first = await check(world, input);
  if (first.kind !== "go") return first;
  const role = target.engine === "postgres" ? await postgresRole(world, input) : null;
  if (role !== null) await session.query({ sql: role }, signal);
  const what = `${input.decision} of ${input.gid}`;
  try {
    const sql = statementOf(input, target);
    world.note(sentNote(sql));
    await session.query({ sql }, signal);
    return { kind: "acted", says: `The ${what} was sent.`, killed: [] };
  } catch (error) {
    // Without an answer it may be finished: no failure is told of what may have been done for good.
    if (!(error instanceof SqlError) || error.kind === "connection-lost" || error.code === "deadline")
      throw error;
    if (unknown.has(error.code)) return attachedOrGone(world, input);
    const refusal = refusalOf(error, { what, seconds: lockSeconds, left: "" });
    return refusal === null
      ? { kind: "failed", says: `The ${what} failed: ${error.message}.` }
      : { kind: "refuse", ...refusal };
  }
}

/** MySQL says the same of what another session still has in its hands. */
async function attachedOrGone(world: DatabaseWorld, input: ToFinish): Promise<Run> {
  const again = await check(world, input);
  if (again.kind === "already-done" || again.kind === "refuse") return again;
  return {
    kind: "refuse",
    guard: "has-session",
    reason: `${input.gid} is prepared, and a session that is there still has it in its hands.`,
    release: "Its client finishes it; or that session is ended first.",
  };
}

async function verify(world: DatabaseWorld, input: ToFinish): Promise<Verdict> {
  const again = await check(world, input);
  return again.kind === "already-done"
    ? { kind: "verified", says: "It is prepared no longer, and its locks are free." }
    : { kind: "not-verified", says: `It is still prepared, or cannot be seen: ${wordsOf(again)}` };
}

function wordsOf(check: Check): string {
  return check.kind === "refuse" ? check.reason : check.says;
}
