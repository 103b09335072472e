import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import * as z from "zod";
import {
  createMysqlConnector,
  type MysqlConnectorOptions,
} from "../../../functions/adapters/mysql/connect.ts";
import type { ProbeResult } from "../../../functions/core/contract/evidence.ts";
import { type LockForest, lockForestSchema } from "../../../functions/core/contract/locks.ts";
import type { Target } from "../../../functions/core/contract/target.ts";
import type { Clock, ConnectOptions, ConnectResult, SqlSession } from "../../../functions/core/ports.ts";
import { mariadbRowLocks } from "../../../functions/core/probes/mysql/row-locks/mariadb-row-locks.ts";
import { mysqlRowLocks } from "../../../functions/core/probes/mysql/row-locks/row-locks.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings, type Settings } from "../../../functions/core/settings.ts";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { labPasswords, type MariadbServer, type MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { waitUntil } from "../../lab/engines/wait-until.ts";

type AnyProbe = Parameters<typeof runProbes>[1][number];

export type Server = MysqlServer | MariadbServer;

/** Both products, for suites that ask the same of each. */
export const products = [
  { engine: "mysql", availability: await mysqlAvailability(), start: startMysql },
  { engine: "mariadb", availability: await mariadbAvailability(), start: startMariadb },
] as const;

export function rowLocksOf({ engine }: Server): AnyProbe {
  return engine === "mysql" ? mysqlRowLocks : mariadbRowLocks;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
};

export function targetOf(server: Pick<Server, "engine" | "port">, change: Partial<Target> = {}): Target {
  return {
    schema: "target.v1",
    name: `127.0.0.1:${server.port}`,
    group: "lab",
    engine: server.engine,
    flavour: "self-managed",
    engineVersion: null,
    host: "127.0.0.1",
    port: server.port,
    database: "app",
    role: "unknown",
    clusterId: null,
    resourceId: null,
    instanceClass: null,
    accountId: null,
    region: null,
    tags: {},
    ...change,
  };
}

export const probeOptions: ConnectOptions = {
  purpose: "probe",
  connectTimeoutMs: 3000,
  statementTimeoutMs: 2000,
  lockTimeoutMs: 500,
};

export function connect(
  target: Target,
  options: Partial<ConnectOptions> = {},
  connector: Partial<MysqlConnectorOptions> = {},
  signal?: AbortSignal,
): Promise<ConnectResult> {
  const login = { user: "admin", password: labPasswords.admin, iam: false };
  const connectTo = createMysqlConnector({
    credentials: async () => login,
    tls: { mode: "off" },
    ...connector,
  });
  return connectTo(target, { ...probeOptions, ...options }, signal);
}

export async function connected(...given: Parameters<typeof connect>): Promise<SqlSession> {
  const result = await connect(...given);
  if (result.kind === "connected") return result.session;
  throw new Error(`not connected: ${JSON.stringify(result.connection)}`);
}

export async function probeWith(
  session: SqlSession,
  server: Server,
  probe: AnyProbe,
  settings: Settings = defaultSettings,
): Promise<ProbeResult> {
  const context = { target: targetOf(server), server: session.server, settings };
  const [result] = await runProbes(session, [probe], context, systemClock);
  if (result === undefined) throw new Error(`${probe.id} is not for this engine`);
  return result;
}

/** Rows of a probe that must answer. */
export async function rowsOf<Row>(
  session: SqlSession,
  server: Server,
  probe: AnyProbe & { readonly row: z.ZodType<Row> },
  settings?: Settings,
): Promise<Row[]> {
  const result = await probeWith(session, server, probe, settings);
  if (result.status !== "ok") throw new Error(`${probe.id}: ${result.status}: ${result.reason}`);
  return z.array(probe.row).parse(result.rows);
}

export async function forestOf(session: SqlSession, server: Server, probe: AnyProbe): Promise<LockForest> {
  const rows = await rowsOf(session, server, probe);
  return lockForestSchema.parse(rows[0]);
}

export async function ask(connection: Connection, sql: string): Promise<RowDataPacket[]> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return rows;
}

export async function countOf(connection: Connection, sql: string): Promise<number> {
  const [row] = await ask(connection, sql);
  return Number(Object.values(row ?? {})[0]);
}

/**
 * InnoDB's views answer from a copy that is renewed only when nobody has read it for 100 ms: who polls faster sees
 * the same answer for ever.
 */
export function waitFor(check: () => Promise<boolean>, what: string): Promise<boolean> {
  return waitUntil(check, { what, everyMs: 130, timeoutMs: 60_000 });
}

/**
 * Ends every session of the lab but `keep`'s. MySQL does not notice that a client has gone while it waits for a lock,
 * so that closing the connections is not enough.
 */
export async function killAllBut(admin: Connection, keep: readonly number[]): Promise<void> {
  const mine = [...keep, admin.threadId].join(", ");
  const others = `SELECT ID AS id FROM information_schema.PROCESSLIST
    WHERE USER IN ('admin', 'shop', 'rds_responder', 'rdsadmin') AND ID NOT IN (${mine})`;
  await waitFor(async () => {
    const rows = await ask(admin, others);
    for (const row of rows) await admin.query(`KILL ${row["id"]}`).catch(() => undefined);
    const open = await countOf(admin, "SELECT COUNT(*) FROM information_schema.INNODB_TRX");
    return rows.length === 0 && open === 0;
  }, "every session of the test has ended");
}

/** As rdsadmin: ends sessions and sets up what a master user may not. */
export function openAdmin({ adminUrl }: Server): Promise<Connection> {
  return createConnection({ uri: adminUrl });
}

/** Sends without waiting for the answer; what becomes of it is nobody's business. */
export function send(connection: Connection | undefined, sql: string): void {
  connection?.query(sql).catch(() => undefined);
}

export const waitingTransactions =
  "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'";
export const pendingMetadataLocks =
  "SELECT COUNT(*) FROM performance_schema.metadata_locks WHERE LOCK_STATUS = 'PENDING'";

/** As at a client's prompt: one statement after the other, whatever each answers. */
export async function paste(client: Connection, preview: string): Promise<string[]> {
  const answers: string[] = [];
  for (const statement of preview.split(/;\n|;$/).filter((text) => text.trim() !== "")) {
    const answer = await client.query(statement).then(
      () => "done",
      (error: unknown) => String(error),
    );
    answers.push(answer);
  }
  return answers;
}
