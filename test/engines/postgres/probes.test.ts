import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { createPostgresConnector } from "../../../functions/adapters/postgres/connect.ts";
import type { ProbeReport, ProbeResult } from "../../../functions/core/contract/evidence.ts";
import { lockForestSchema } from "../../../functions/core/contract/locks.ts";
import { type Session, sessionSchema } from "../../../functions/core/contract/session.ts";
import type { Clock } from "../../../functions/core/ports.ts";
import { postgresBlocking } from "../../../functions/core/probes/postgres/blocking/blocking.ts";
import { postgresConnections } from "../../../functions/core/probes/postgres/connections.ts";
import { postgresServer } from "../../../functions/core/probes/postgres/server.ts";
import { postgresSessions } from "../../../functions/core/probes/postgres/sessions.ts";
import { connectionGroupSchema } from "../../../functions/core/probes/rows.ts";
import { collectProbeReport } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { blindLogin, createProbeUsers, majors, probeLogin, targetAt } from "./postgres-lab.ts";

const probes = [postgresServer, postgresConnections, postgresSessions, postgresBlocking];
const clock: Clock = { now: () => performance.now(), sleep: () => Promise.resolve() };

describe.each(majors)("probes on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  const open: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major, replicas: major === 17 ? 1 : 0 });
    await createProbeUsers(server.adminUrl);
    const admin = await openSession(server);
    await admin.query("create table public.t (id int primary key); insert into public.t values (1), (2)");
    await closeAll([admin]);
  });

  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  async function report(
    login = probeLogin as { user: string; password: string },
    port = server.port,
  ): Promise<ProbeReport> {
    const connect = createPostgresConnector({ credentials: async () => login, tls: { mode: "off" } });
    return collectProbeReport({ connect }, targetAt(port), defaultSettings, probes, "immediate", clock);
  }

  const resultOf = ({ probes: results }: ProbeReport, id: string): ProbeResult => {
    const result = results.find((candidate) => candidate.id === id);
    if (!result) throw new Error(`no result of ${id}`);
    return result;
  };

  const sessionsOf = (found: ProbeReport): Session[] =>
    z.array(sessionSchema).parse(resultOf(found, "postgres-sessions").rows);

  async function client(applicationName: string): Promise<Client> {
    const session = await openSession(server, { applicationName });
    open.push(session);
    return session;
  }

  it("P1 P2 P3 P4 need pg_monitor and nothing else", async () => {
    const found = await report();

    expect(found.connection.status).toBe("connected");
    expect(found.probes.map(({ id, status, reason }) => [id, status, reason])).toEqual(
      probes.map(({ id }) => [id, "ok", null]),
    );
  });

  it("P0 skips without pg_monitor what it would see only half of, and says how to see it", async () => {
    const found = await report(blindLogin);

    expect(resultOf(found, "postgres-server").status).toBe("ok");
    for (const id of ["postgres-connections", "postgres-sessions", "postgres-blocking"]) {
      expect(resultOf(found, id)).toMatchObject({
        status: "skipped",
        howToSee: "GRANT pg_monitor TO {user}",
        rows: [],
      });
    }
  });

  it("P1 tells the writer, its connections and the slots kept back", async () => {
    expect(resultOf(await report(), "postgres-server").rows).toEqual([
      expect.objectContaining({
        writable: true,
        readOnlyBecause: null,
        maxConnections: 100,
        reservedConnections: major >= 16 ? 5 : 3,
        version: expect.stringMatching(new RegExp(`^${major}\\.`)),
      }),
    ]);
  });

  it("P2 groups the connections by state and application", async () => {
    const [one, two] = [await client("checkout"), await client("checkout")];
    await one.query("select 1");
    await two.query("begin");
    const groups = z
      .array(connectionGroupSchema)
      .parse(resultOf(await report(), "postgres-connections").rows);
    const checkout = groups.filter(({ application }) => application === "checkout");
    await two.query("rollback");

    expect(
      checkout
        .map(({ state, count, user, client: address }) => ({ state, count, user, address }))
        .toSorted((a, b) => (a.state < b.state ? -1 : 1)),
    ).toEqual([
      { state: "idle", count: 1, user: "admin", address: "127.0.0.1" },
      { state: "idle-in-transaction", count: 1, user: "admin", address: "127.0.0.1" },
    ]);
    expect(groups).toContainEqual(expect.objectContaining({ application: "rds-responder", state: "active" }));
  });

  it("P3 A40 shows who must not be touched, and keeps the opt-out comment", async () => {
    const careful = await client("careful");
    await careful.query("begin; select 'secret literal' /* rds-responder:never */");
    const idle = await client("idle only");
    await idle.query("select 1");
    const superuser = await openSession(server, { user: "rdsadmin", applicationName: "aws" });
    open.push(superuser);
    await superuser.query("begin");
    const sessions = sessionsOf(await report());
    await careful.query("rollback");
    await superuser.query("rollback");

    expect(sessions.find(({ application }) => application === "careful")).toMatchObject({
      state: "idle-in-transaction",
      query: "begin; select ? /* rds-responder:never */",
      kind: "client",
      own: false,
      superuser: false,
      statementKey: expect.stringMatching(/^\d{4}-\d\d-\d\d .*\+00 [0-9a-f]{32}$/),
      sessionKey: expect.stringMatching(/^\d{4}-\d\d-\d\d .*\+00$/),
    });
    expect(sessions.some(({ application }) => application === "idle only")).toBe(false);
    expect(sessions.find(({ application }) => application === "aws")?.superuser).toBe(true);
    expect(
      sessions.at(-1 - sessions.filter(({ kind }) => kind !== "client").length)?.application,
    ).toBeDefined();
    expect(sessions.filter(({ own }) => own).map(({ application }) => application)).toEqual([
      "rds-responder",
    ]);
  });

  it("P4 D8 tells an explicit lock from one that a statement took by itself", async () => {
    const [table, advisory] = [await client("batch"), await client("leader")];
    const waiting = [await client("w1"), await client("w2")];
    await table.query("begin; lock table public.t in exclusive mode");
    await advisory.query("select pg_advisory_lock(4294967298)");
    const blocked = [
      waiting[0]?.query("update public.t set id = 3 where id = 2").catch(() => undefined),
      waiting[1]?.query("select pg_advisory_lock(4294967298)").catch(() => undefined),
    ];
    const forest = await waitUntil(
      async () => {
        const row = lockForestSchema.parse(resultOf(await report(), "postgres-blocking").rows[0]);
        return row.waiters === 2 ? row : null;
      },
      { what: "two sessions wait" },
    );
    await table.query("rollback");
    await advisory.query("select pg_advisory_unlock(4294967298)");
    await Promise.all(blocked);

    const holder = (application: string) =>
      forest.nodes.find(({ session }) => session?.application === application);
    expect(holder("batch")?.holds[0]).toMatchObject({
      object: "public.t",
      mode: "ExclusiveLock",
      explicit: true,
    });
    expect(holder("leader")?.holds[0]).toMatchObject({
      object: "advisory lock (4294967298)",
      objectKind: "advisory",
      explicit: true,
    });
  });

  it.runIf(major === 17)(
    "P1 says that a standby takes no writes, and P3 finds the stream that feeds it",
    async () => {
      const replica = server.replicas[0];
      if (!replica) throw new Error("no replica");
      await waitUntil(
        async () => (await report(probeLogin, replica.port)).connection.status === "connected",
        {
          what: "the replica knows the probe user",
        },
      );

      expect(resultOf(await report(probeLogin, replica.port), "postgres-server").rows[0]).toMatchObject({
        writable: false,
        readOnlyBecause: expect.stringContaining("standby"),
      });
      expect(sessionsOf(await report()).map(({ kind }) => kind)).toContain("replication");
    },
  );
});
