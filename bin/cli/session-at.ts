import type { Session } from "../../functions/core/contract/session.ts";
import type { SqlSession } from "../../functions/core/ports.ts";
import type { ProbeContext } from "../../functions/core/probes/define.ts";
import { mysqlSessions } from "../../functions/core/probes/mysql/sessions.ts";
import { readMysqlSnapshot } from "../../functions/core/probes/mysql/snapshot.ts";
import { postgresSession, postgresSessionRows } from "../../functions/core/probes/postgres/session-row.ts";
import { postgresSessions } from "../../functions/core/probes/postgres/sessions.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import type { NamedDatabase } from "./database-url.ts";
import { databasesAt } from "./databases.ts";

/**
 * A session as the probes see it, idle ones too: with the keys by which the acting statement proves that it is still the
 * same. Null: there is none.
 */
export async function sessionAt(
  database: NamedDatabase,
  id: number,
): Promise<Session | null | "not-connected"> {
  const { target } = database;
  const { probing } = defaultSettings;
  const connected = await databasesAt(database).connect(target, {
    purpose: "probe",
    connectTimeoutMs: probing.connectTimeoutMs,
    statementTimeoutMs: probing.immediateTimeoutMs,
    lockTimeoutMs: probing.lockTimeoutMs,
  });
  if (connected.kind !== "connected") return "not-connected";
  const { session } = connected;
  try {
    return await find(session, { target, server: session.server, settings: defaultSettings }, id);
  } finally {
    await session.close();
  }
}

async function find(session: SqlSession, context: ProbeContext, id: number): Promise<Session | null> {
  const probe = context.target.engine === "postgres" ? postgresSessions : mysqlSessions;
  const answers = [];
  for (const statement of probe.statements(context)) answers.push(await session.query(statement));
  if (context.target.engine !== "postgres") {
    return readMysqlSnapshot(answers, context).sessions.get(id) ?? null;
  }
  const row = postgresSessionRows(answers[0]).find((one) => one.id === id);
  return row === undefined ? null : postgresSession(row, context);
}
