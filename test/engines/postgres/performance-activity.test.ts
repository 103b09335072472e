import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresOldestXmin } from "../../../functions/core/probes/postgres/oldest-xmin.ts";
import { postgresOldestXminSlots } from "../../../functions/core/probes/postgres/oldest-xmin-slots.ts";
import { postgresOwnLimits } from "../../../functions/core/probes/postgres/own-limits.ts";
import { postgresWaitProfile } from "../../../functions/core/probes/postgres/wait-profile.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { askProbe, numberOf, rowsOf } from "./performance-support.ts";
import { blindLogin, createProbeUsers, majors, probeLogin } from "./postgres-lab.ts";

describe.each(majors)("what PostgreSQL %i is doing", (major) => {
  let server: PostgresServer;
  let control: Client;
  const open: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off", wal_level: "logical" } });
    await createProbeUsers(server.adminUrl);
    control = await openSession(server, { user: "rdsadmin" });
    open.push(control);
    await control.query(
      `create table public.t (id int primary key, filler text);
       insert into public.t select g, repeat('x', 500) from generate_series(1, 4000) g`,
    );
  });

  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  const here = (): { port: number } => ({ port: server.port });

  async function client(applicationName: string): Promise<Client> {
    const session = await openSession(server, { applicationName });
    open.push(session);
    return session;
  }

  it("P2 counts the connections of a role and a database that have a limit of their own, for anybody", async () => {
    expect(await rowsOf(postgresOwnLimits, { ...here(), login: probeLogin })).toEqual([]);
    await control.query("create role pool login password 'pool-lab' connection limit 2");
    await control.query("alter database app connection limit 40");
    const held = new Client({
      host: "127.0.0.1",
      port: server.port,
      user: "pool",
      password: "pool-lab",
      database: "app",
    });
    await held.connect();
    const rows = await rowsOf(postgresOwnLimits, here());
    await held.end();
    await control.query("alter database app connection limit -1");
    await control.query("drop role pool");

    expect(rows).toEqual([
      { of: "role", name: "pool", used: 1, limit: 2 },
      { of: "database", name: "app", used: expect.any(Number), limit: 40 },
    ]);
  });

  it("P5 names the session, the prepared transaction and the slot that hold the oldest rows, oldest first", async () => {
    // First of all: a logical slot waits for every transaction that is open when it is made, prepared ones too.
    await control.query("select pg_create_logical_replication_slot('cdc', 'test_decoding')");
    const prepared = await client("two-phase");
    await prepared.query("begin; insert into public.t values (-1, ''); prepare transaction 'orphan'");
    const reader = await client("report");
    await reader.query("begin isolation level repeatable read; select count(*) from public.t");
    for (let n = 0; n < 5; n += 1) await control.query("select txid_current()");
    const rows = await rowsOf(postgresOldestXmin, here());
    const slots = await rowsOf(postgresOldestXminSlots, here());
    const oldest = await numberOf(
      server.adminUrl,
      "select age(backend_xmin) from pg_stat_activity where application_name = 'report'",
    );
    await reader.query("rollback");
    await control.query("rollback prepared 'orphan'");
    await control.query("select pg_drop_replication_slot('cdc')");

    const shown = rows.map(({ holder, name, application }) => ({ holder, name: application ?? name }));
    expect(shown.slice(0, 2)).toEqual(
      expect.arrayContaining([
        { holder: "prepared-transaction", name: "orphan" },
        { holder: "session", name: "report" },
      ]),
    );
    expect(rows.find(({ application }) => application === "report")).toMatchObject({
      xminAge: oldest,
      state: "idle in transaction",
      catalogOnly: false,
      user: "admin",
      query: "begin isolation level repeatable read; select count(*) from public.t",
    });
    expect(rows.find(({ holder }) => holder === "prepared-transaction")?.xminAge).toBeGreaterThanOrEqual(
      oldest,
    );
    expect(slots).toHaveLength(1);
    expect(slots.at(-1)).toMatchObject({
      holder: "replication-slot",
      name: "cdc",
      catalogOnly: true,
      state: "inactive",
    });
    expect((await rowsOf(postgresOldestXmin, here())).some(({ name }) => name === "orphan")).toBe(false);
  });

  it("P6 looks ten times within the second and counts who waits for what", async () => {
    const [holder, waiter, sleeper] = [
      await client("holder"),
      await client("waiter"),
      await client("sleeper"),
    ];
    await holder.query("begin; update public.t set filler = 'y' where id = 1");
    const blocked = waiter.query("update public.t set filler = 'z' where id = 1").catch(() => undefined);
    const asleep = sleeper.query("select pg_sleep(20)").catch(() => undefined);
    await waitUntil(
      async () =>
        (await numberOf(
          server.adminUrl,
          "select count(*) from pg_stat_activity where wait_event in ('transactionid', 'PgSleep')",
        )) === 2,
      { what: "one waits for a lock and one sleeps" },
    );
    const rows = await rowsOf(postgresWaitProfile, here());
    await control.query(
      "select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'sleeper'",
    );
    await holder.query("rollback");
    await Promise.all([blocked, asleep]);

    const wait = rows.find(({ waitEvent }) => waitEvent === "transactionid");
    expect(wait).toMatchObject({
      waitEventType: "Lock",
      samples: 10,
      observations: 10,
      averageSessions: 1,
      distinctSessions: 1,
      query: "update public.t set filler = ? where id = ?",
    });
    expect(rows.find(({ waitEvent }) => waitEvent === "PgSleep")?.observations).toBe(10);
    expect(rows.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100);
    expect(wait?.windowSeconds).toBeGreaterThan(0.8);
  });

  it("P6 sees a wait that ends in the middle of the window only in some of the looks", async () => {
    const sleeper = await client("short sleeper");
    const asleep = sleeper.query("select pg_sleep(0.5)");
    const rows = await rowsOf(postgresWaitProfile, here());
    await asleep;

    const seen = rows.find(({ waitEvent }) => waitEvent === "PgSleep")?.observations ?? 0;
    expect(seen).toBeGreaterThanOrEqual(1);
    expect(seen).toBeLessThanOrEqual(8);
  });

  it("P0 skips what shows only half without pg_monitor", async () => {
    for (const probe of [postgresOldestXmin, postgresWaitProfile]) {
      expect(await askProbe(probe, { ...here(), login: blindLogin })).toMatchObject({
        status: "skipped",
        howToSee: "GRANT pg_monitor TO {user}",
      });
    }
  });
});
