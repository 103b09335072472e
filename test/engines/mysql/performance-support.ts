import type { Connection } from "mysql2/promise";
import * as z from "zod";
import type { ProbeResult } from "../../../functions/core/contract/evidence.ts";
import { grantScript } from "../../../functions/core/grants/grant-script.ts";
import type { Clock, SqlSession } from "../../../functions/core/ports.ts";
import { type AnyProbe, runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { connected, type Server, targetOf } from "./support.ts";

const password = "choose-one";

/** A session of a user with exactly the shipped grants. */
export async function openProbeSession(server: Server, admin: Connection): Promise<SqlSession> {
  const script = grantScript({ engine: server.engine, role: "probe", auth: "password" });
  for (const statement of script.replace(/^--.*$/gm, "").split(";\n")) {
    if (statement.trim()) await admin.query(statement);
  }
  return sessionOf(server, defaultSettings.database.probeUser);
}

/** A session of a user with these grants only. */
export async function openSessionWith(
  server: Server,
  admin: Connection,
  user: string,
  grants: readonly string[],
): Promise<SqlSession> {
  await admin.query(`CREATE USER ${user}@'%' IDENTIFIED BY '${password}'`);
  for (const grant of grants) await admin.query(`GRANT ${grant} TO ${user}@'%'`);
  return sessionOf(server, user);
}

function sessionOf(server: Server, user: string): Promise<SqlSession> {
  return connected(
    targetOf(server, { database: null }),
    { statementTimeoutMs: 10_000 },
    { credentials: async () => ({ user, password, iam: false }) },
  );
}

/** One probe; `between` happens between its two readings. */
export async function resultOf(
  session: SqlSession,
  server: Server,
  probe: AnyProbe,
  between: () => Promise<unknown> = async () => undefined,
): Promise<ProbeResult> {
  const clock: Clock = {
    now: () => performance.now(),
    sleep: async () => {
      await between();
    },
  };
  const context = { target: targetOf(server), server: session.server, settings: defaultSettings };
  const [result] = await runProbes(session, [probe], context, clock);
  if (result === undefined) throw new Error(`${probe.id} is not for this engine`);
  return result;
}

export async function rowsOf<Row>(
  session: SqlSession,
  server: Server,
  probe: AnyProbe & { readonly row: z.ZodType<Row> },
  between?: () => Promise<unknown>,
): Promise<Row[]> {
  const result = await resultOf(session, server, probe, between);
  if (result.status !== "ok") throw new Error(`${probe.id}: ${result.status}: ${result.reason}`);
  return z.array(probe.row).parse(result.rows);
}

export async function oneRow<Row>(...given: Parameters<typeof rowsOf<Row>>): Promise<Row> {
  const [row] = await rowsOf<Row>(...given);
  if (row === undefined) throw new Error("no row");
  return row;
}

export async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += 1) await work();
}
