import { messageOf, SqlError } from "../../errors.ts";
import type { SqlStatement } from "../../ports.ts";
import type { DatabaseWorld } from "../define.ts";
import { sentNote } from "../sent.ts";
import type { Way } from "./signals.ts";

export type Sent =
  | { readonly kind: "signalled" }
  /** The acting statement found nobody who is still what was judged. */
  | { readonly kind: "no-match" }
  /** The server said no to every way. */
  | { readonly kind: "denied"; readonly says: string };

/**
 * "You are not owner of thread" (and of query), no such procedure, no right to call it. MariaDB has numbers of its
 * own that drivers have no symbol for. https://mariadb.com/kb/en/mariadb-error-code-reference/
 */
const tryNextWay = new Set([
  "ER_KILL_DENIED_ERROR",
  "ER_1979",
  "ER_SP_DOES_NOT_EXIST",
  "ER_PROCACCESS_DENIED_ERROR",
]);

/**
 * What RDS's procedures answer for sessions of rdsadmin and rdsrepladmin: a signal, or by selecting a column that is
 * named after the refusal. A name that does not fit into their variables ends them before they kill.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-ending.html
 */
function refusedByProcedure({ code, message }: SqlError): boolean {
  if (code === "ER_SIGNAL_EXCEPTION" || code === "ER_DATA_TOO_LONG") return true;
  return code === "ER_BAD_FIELD_ERROR" && /RDS|CANNOT KILL/i.test(message);
}

/** "Unknown query id"; an unknown thread has its own kind. */
const noSuchQuery = "ER_1957";

/** Sends by the first way that exists and is allowed. Throws SqlError for anything but the server's yes or no. */
export async function sendSignal(world: DatabaseWorld, ways: readonly Way[]): Promise<Sent> {
  const denied: string[] = [];
  for (const way of ways) {
    try {
      return await sendBy(world, way);
    } catch (error) {
      const answer = answerIn(error);
      if (answer === "no-match") return { kind: answer };
      world.note(`The server refused: ${messageOf(error)}`);
      denied.push(messageOf(error));
      if (answer === "denied") break;
    }
  }
  return { kind: "denied", says: denied.join("; ") };
}

/** What an error means as an answer; rethrows one that is none. */
function answerIn(error: unknown): "no-match" | "denied" | "try-next-way" {
  if (!(error instanceof SqlError)) throw error;
  if (error.kind === "no-such-session" || error.code === noSuchQuery) return "no-match";
  if (tryNextWay.has(error.code)) return "try-next-way";
  if (error.kind === "permission" || refusedByProcedure(error)) return "denied";
  throw error;
}

async function sendBy(world: DatabaseWorld, way: Way): Promise<Sent> {
  switch (way.kind) {
    case "answers-rows": {
      const rows = await send(world, way.act);
      return { kind: rows.some((row) => row["signalled"] === true) ? "signalled" : "no-match" };
    }
    case "names-id":
      await send(world, way.act);
      return { kind: "signalled" };
    case "check-then-act": {
      const rows = await world.session.query(way.check, world.signal);
      if (rows.length === 0) return { kind: "no-match" };
      await send(world, way.act);
      return { kind: "signalled" };
    }
    default:
      return way satisfies never;
  }
}

function send(world: DatabaseWorld, statement: SqlStatement) {
  const verb = /pg_\w+_backend|rds_kill\w*|KILL( QUERY)?( ID)?/.exec(statement.sql)?.[0] ?? "signal";
  world.note(sentNote(verb));
  return world.session.query(statement, world.signal);
}
