import { createServer as createWebServer } from "node:http";
import { createServer, type Server } from "node:net";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresConnector } from "../../../functions/adapters/postgres/connect.ts";
import { SqlError } from "../../../functions/core/errors.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import {
  connectAs,
  createProbeUsers,
  probeLogin,
  probeOptions,
  sessionAs,
  targetAt,
} from "./postgres-lab.ts";

let server: PostgresServer;
let silent: Server;

beforeAll(async () => {
  server = await startPostgres({ major: 17, maxConnections: 20 });
  await createProbeUsers(server.adminUrl);
  silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  silent?.close();
  await server?.stopNow();
});

function portOf(listening: Server): number {
  const address = listening.address();
  return typeof address === "object" && address ? address.port : 0;
}

async function closedPort(): Promise<number> {
  const passing = createServer();
  await new Promise<void>((resolve) => passing.listen(0, "127.0.0.1", resolve));
  const port = portOf(passing);
  await new Promise<void>((resolve) => passing.close(() => resolve()));
  return port;
}

const errorOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no error",
    (error) => error,
  );

describe("connecting to PostgreSQL", () => {
  it("P1 says that nothing listens on the port", async () => {
    const { connection } = await connectAs(probeLogin, targetAt(await closedPort()));

    expect(connection).toMatchObject({ status: "not-connected", failedStep: "tcp" });
    expect(connection.detail).toContain("ECONNREFUSED");
  });

  it("P1 says that what answers speaks HTTP, with TLS or without, and blames no certificate", async () => {
    const web = createWebServer();
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    try {
      for (const mode of ["verify", "off"] as const) {
        const connect = createPostgresConnector({ credentials: async () => probeLogin, tls: { mode } });
        const { connection } = await connect(targetAt(portOf(web)), probeOptions);
        expect(connection).toMatchObject({
          failedStep: "handshake",
          pointsTo: expect.stringContaining("speaks HTTP"),
        });
      }
    } finally {
      await new Promise<void>((resolve) => web.close(() => resolve()));
    }
  });

  it("P1 says that something accepts and keeps silent, and gives up at the deadline", async () => {
    const { connection } = await connectAs(probeLogin, targetAt(portOf(silent)), { connectTimeoutMs: 300 });

    expect(connection).toMatchObject({ status: "not-connected", failedStep: "handshake" });
    expect(connection.detail).toContain("deadline");
  });

  it("P1 says that the name does not resolve", async () => {
    const target = targetAt(server.port, { host: "no-such-database.invalid" });
    const { connection } = await connectAs(probeLogin, target);

    expect(connection).toMatchObject({ status: "not-connected", failedStep: "name-resolution" });
  });

  it("P1 says that the password is wrong, without repeating it", async () => {
    const { connection } = await connectAs(
      { ...probeLogin, password: "not-the-pass" },
      targetAt(server.port),
    );

    expect(connection).toMatchObject({ status: "not-connected", failedStep: "sign-in" });
    expect(connection.detail).toContain("password authentication failed");
    expect(JSON.stringify(connection)).not.toContain("not-the-pass");
  });

  it("P1 says that the database does not exist", async () => {
    const { connection } = await connectAs(probeLogin, targetAt(server.port, { database: "missing" }));

    expect(connection).toMatchObject({ failedStep: "sign-in" });
    expect(connection.pointsTo).toContain("database");
  });

  it("P1 refuses to sign in without the TLS it was told to verify", async () => {
    const connect = createPostgresConnector({ credentials: async () => probeLogin, tls: { mode: "verify" } });
    const { connection } = await connect(targetAt(server.port), probeOptions);

    expect(connection).toMatchObject({ status: "not-connected", failedStep: "tls" });
  });

  it("P0 says that every slot is taken", async () => {
    const crowd: Client[] = [];
    const fill = async (): Promise<void> => {
      for (;;) crowd.push(await openSession(server));
    };
    expect(await errorOf(fill())).toMatchObject({ code: "53300" });
    const { connection } = await connectAs(probeLogin, targetAt(server.port));
    await closeAll(crowd);

    expect(connection).toMatchObject({ status: "not-connected", failedStep: "no-free-slot" });
    expect(connection.pointsTo).toContain("every slot");
  });

  it("P1 says that the credentials could not be had", async () => {
    const connect = createPostgresConnector({
      credentials: () => Promise.reject(new Error("secret not found")),
      tls: { mode: "off" },
    });
    const { connection } = await connect(targetAt(server.port), probeOptions);

    expect(connection).toMatchObject({ failedStep: "sign-in", detail: "no credentials: secret not found" });
  });

  it("Q2 gives up when told to", async () => {
    const { connection } = await connectAs(probeLogin, targetAt(portOf(silent)), {}, AbortSignal.timeout(50));

    expect(connection.status).toBe("not-connected");
  });
});

describe("a session on PostgreSQL", () => {
  it("P0 carries its name, its limits and read-only mode on the server", async () => {
    const session = await sessionAs(probeLogin, server.port);
    const [row] = await session.query({
      sql: `select current_setting('application_name') as name, current_setting('statement_timeout') as statement,
        current_setting('lock_timeout') as lock, current_setting('transaction_read_only') as read_only,
        current_setting('timezone') as timezone, pg_backend_pid() as pid`,
    });
    await session.close();

    expect(row).toEqual({
      name: "rds-responder",
      statement: "2s",
      lock: "500ms",
      read_only: "on",
      timezone: "UTC",
      pid: session.server.backendId,
    });
    expect(session.server).toMatchObject({ engine: "postgres", major: 17 });
  });

  it("P0 refuses to write when it probes, and may write when it acts", async () => {
    const probing = await sessionAs(probeLogin, server.port);
    const acting = await sessionAs(probeLogin, server.port, { purpose: "act" });
    const write = { sql: "create temp table t (a int)" };

    expect(await errorOf(probing.query(write))).toMatchObject({ kind: "read-only", code: "25006" });
    expect(await acting.query(write)).toEqual([]);
    await Promise.all([probing.close(), acting.close()]);
  });

  it("P0 has its statements ended by the server, and goes on", async () => {
    const session = await sessionAs(probeLogin, server.port, { statementTimeoutMs: 60_000 });
    await session.limit(50);

    expect(await errorOf(session.query({ sql: "select pg_sleep(20)" }))).toMatchObject({
      kind: "timeout",
      code: "57014",
      message: "canceling statement due to statement timeout",
    });
    expect(await session.query({ sql: "select 1 as one" })).toEqual([{ one: 1 }]);
    await session.close();
  });

  it("P0 does not wait long for a lock", async () => {
    const holder = await openSession(server);
    await holder.query(
      "create table if not exists public.locked (a int); grant all on public.locked to public",
    );
    await holder.query("begin; lock table public.locked in access exclusive mode");
    const session = await sessionAs(probeLogin, server.port, {
      lockTimeoutMs: 50,
      statementTimeoutMs: 60_000,
    });

    expect(await errorOf(session.query({ sql: "select * from public.locked" }))).toMatchObject({
      kind: "timeout",
      code: "55P03",
    });
    await closeAll([holder]);
    await session.close();
  });

  it.each([
    ["select * from public.no_such_table", "missing-object"],
    ["select no_such_function()", "missing-object"],
    ["select rolpassword from pg_authid", "permission"],
    ["select 1/0", "other"],
  ])("P0 tells apart why %s fails", async (sql, kind) => {
    const session = await sessionAs(probeLogin, server.port);

    expect(await errorOf(session.query({ sql }))).toMatchObject({ kind });
    await session.close();
  });

  it("Q2 says that its connection is lost, now and afterwards", async () => {
    const session = await sessionAs(probeLogin, server.port);
    const admin = await openSession(server, { user: "rdsadmin" });
    const running = errorOf(session.query({ sql: "select pg_sleep(20)" }));
    await admin.query("select pg_terminate_backend($1)", [session.server.backendId]);

    expect(await running).toMatchObject({ kind: "connection-lost" });
    const later = await errorOf(session.query({ sql: "select 1" }));
    expect(later).toBeInstanceOf(SqlError);
    expect(later).toMatchObject({ kind: "connection-lost" });
    await session.close();
    await closeAll([admin]);
  });

  it("Q2 drops the connection when the deadline strikes", async () => {
    const session = await sessionAs(probeLogin, server.port);
    const answer = await errorOf(session.query({ sql: "select pg_sleep(20)" }, AbortSignal.timeout(50)));

    expect(answer).toMatchObject({ kind: "timeout", code: "deadline" });
    expect(await errorOf(session.query({ sql: "select 1" }))).toMatchObject({ kind: "connection-lost" });
    await session.close();
  });
});
