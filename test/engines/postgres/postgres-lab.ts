import { Client } from "pg";
import { createPostgresConnector } from "../../../functions/adapters/postgres/connect.ts";
import type { Target } from "../../../functions/core/contract/target.ts";
import type { ConnectOptions, ConnectResult, SqlSession } from "../../../functions/core/ports.ts";

export const majors = [14, 15, 16, 17, 18] as const;

export const probeOptions: ConnectOptions = {
  purpose: "probe",
  connectTimeoutMs: 3000,
  statementTimeoutMs: 2000,
  lockTimeoutMs: 500,
};

export function targetAt(port: number, overrides: Partial<Target> = {}): Target {
  return {
    schema: "target.v1",
    name: `127.0.0.1:${port}`,
    group: `127.0.0.1:${port}`,
    engine: "postgres",
    flavour: "self-managed",
    engineVersion: null,
    host: "127.0.0.1",
    port,
    database: "app",
    role: "unknown",
    clusterId: null,
    resourceId: null,
    instanceClass: null,
    accountId: null,
    region: null,
    tags: {},
    ...overrides,
  };
}

export const probeLogin = { user: "rds_responder", password: "probe-lab" } as const;
export const blindLogin = { user: "blind", password: "blind-lab" } as const;

/** A role with exactly what the shipped script grants, and one with nothing. */
export async function createProbeUsers(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`create role ${probeLogin.user} login password '${probeLogin.password}';
      grant pg_monitor to ${probeLogin.user};
      create role ${blindLogin.user} login password '${blindLogin.password}'`);
  } finally {
    await client.end();
  }
}

export function connectAs(
  login: { user: string; password: string },
  target: Target,
  options: Partial<ConnectOptions> = {},
  signal?: AbortSignal,
): Promise<ConnectResult> {
  const connect = createPostgresConnector({ credentials: async () => login, tls: { mode: "off" } });
  return connect(target, { ...probeOptions, ...options }, signal);
}

export async function sessionAs(
  login: { user: string; password: string },
  port: number,
  options: Partial<ConnectOptions> = {},
): Promise<SqlSession> {
  const result = await connectAs(login, targetAt(port), options);
  if (result.kind === "not-connected") throw new Error(result.connection.detail ?? "not connected");
  return result.session;
}
