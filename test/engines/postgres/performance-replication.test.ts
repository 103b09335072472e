import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresOldestXmin } from "../../../functions/core/probes/postgres/oldest-xmin.ts";
import { postgresReplication } from "../../../functions/core/probes/postgres/replication.ts";
import { postgresReplicationAurora } from "../../../functions/core/probes/postgres/replication-aurora.ts";
import { postgresReplicationReceiver } from "../../../functions/core/probes/postgres/replication-receiver.ts";
import { postgresReplicationSlots } from "../../../functions/core/probes/postgres/replication-slots.ts";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { numberOf, rowsOf, runSql } from "./performance-support.ts";
import { createProbeUsers, majors } from "./postgres-lab.ts";

describe.each(majors)("replication of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  const open: Client[] = [];
  const here = (): { port: number } => ({ port: server.port });
  const replica = (): { port: number } => ({ port: server.replicas[0]?.port ?? 0 });

  beforeAll(async () => {
    server = await startPostgres({
      major,
      replicas: 1,
      settings: { autovacuum: "off", hot_standby_feedback: "on", wal_receiver_status_interval: "1s" },
    });
    await createProbeUsers(server.adminUrl);
    await runSql(server.adminUrl, "create table public.t as select g as id from generate_series(1, 1000) g");
    await waitUntil(
      async () => (await rowsOf(postgresReplicationReceiver, replica()))[0]?.replayLagBytes === 0,
      { what: "the replica has everything" },
    );
  });

  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  it("P12 finds no lag while nothing is written, however long ago the last transaction was", async () => {
    const rows = await waitUntil(
      async () => {
        const found = await rowsOf(postgresReplication, here());
        return found[0]?.replayLagBytes === 0 ? found : null;
      },
      { what: "the primary knows that all is replayed" },
    );
    const [standby] = await rowsOf(postgresReplicationReceiver, replica());

    expect(rows).toEqual([
      expect.objectContaining({
        application: "replica_1",
        kind: "physical",
        state: "streaming",
        syncState: "async",
      }),
    ]);
    expect(standby).toMatchObject({
      status: "streaming",
      receiving: true,
      lagSeconds: 0,
      replayPaused: false,
    });
    expect(await rowsOf(postgresReplicationReceiver, here())).toEqual([]);
  });

  it("P12 measures on both sides the lag of a replay that stands still", async () => {
    const standbyUrl = labUrl("postgres", replica().port, "rdsadmin");
    await runSql(standbyUrl, "select pg_wal_replay_pause()");
    const start = await numberOf(server.adminUrl, "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')");
    await runSql(server.adminUrl, "insert into public.t select g from generate_series(1, 20000) g");
    const end = await numberOf(server.adminUrl, "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')");
    const [standby] = await waitUntil(
      async () => {
        const found = await rowsOf(postgresReplicationReceiver, replica());
        return (found[0]?.replayLagBytes ?? 0) >= end - start ? found : null;
      },
      { what: "the WAL has arrived" },
    );
    const sender = await waitUntil(
      async () =>
        (await rowsOf(postgresReplication, here())).find((row) => (row.replayLagBytes ?? 0) >= end - start),
      { what: "the primary sees it" },
    );
    await runSql(standbyUrl, "select pg_wal_replay_resume()");

    expect(standby).toMatchObject({ receiving: true, replayPaused: true, hotStandbyFeedback: true });
    expect(standby?.lagSeconds).toBeGreaterThan(0);
    expect(sender.replayLagBytes).toBeGreaterThan(1_000_000);
    expect(sender.sentLagBytes).toBeLessThan(1_000_000);
  });

  it("P12 tells what a forgotten slot retains", async () => {
    await runSql(server.adminUrl, "select pg_create_physical_replication_slot('forgotten', true)");
    await runSql(server.adminUrl, "insert into public.t select g from generate_series(1, 20000) g");
    const [slot] = await rowsOf(postgresReplicationSlots, here());
    const retained = await numberOf(
      server.adminUrl,
      "select pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) from pg_replication_slots",
    );
    await runSql(server.adminUrl, "select pg_drop_replication_slot('forgotten')");

    expect(slot).toMatchObject({
      slot: "forgotten",
      kind: "physical",
      active: false,
      walStatus: "reserved",
      keepLimitBytes: null,
      safeWalBytes: null,
    });
    expect(slot?.retainedBytes).toBeGreaterThan(1_000_000);
    expect(slot?.retainedBytes).toBeLessThanOrEqual(retained);
    if (major >= 17) expect(slot?.inactiveSeconds).toBeGreaterThanOrEqual(0);
  });

  it("P5 finds the standby whose reader holds the primary's rows", async () => {
    const reader = await openSession({ ...server, port: replica().port });
    open.push(reader);
    await reader.query("begin isolation level repeatable read; select count(*) from public.t");
    const holder = await waitUntil(
      async () => (await rowsOf(postgresOldestXmin, here())).find((row) => row.holder === "standby"),
      { what: "its feedback has come" },
    );
    await reader.query("rollback");

    expect(holder).toMatchObject({ application: "replica_1", state: "streaming", catalogOnly: false });
  });

  it("P12 reads aurora_replica_status as its documentation describes it", async () => {
    await runSql(
      server.adminUrl,
      `create function pg_catalog.aurora_replica_status(out server_id text, out session_id text, out cpu float8,
         out last_transport_error int, out last_update_timestamp timestamptz, out replica_lag_in_msec float8)
       returns setof record language sql as $$
         values ('db-1', 'MASTER_SESSION_ID', 1.5::float8, 0, null::timestamptz, null::float8),
           ('db-2', '9d5b6c2e-0000-4000-8000-000000000000', 2.5, 0, now() - interval '1 s', 21.5) $$`,
    );
    const rows = await rowsOf(postgresReplicationAurora, { ...here(), flavour: "aurora" });

    expect(rows).toEqual([
      expect.objectContaining({ server: "db-2", writer: false, lagMs: 21.5, lastTransportError: null }),
      expect.objectContaining({ server: "db-1", writer: true, lagMs: null, lastUpdateSeconds: null }),
    ]);
    expect(rows[0]?.lastUpdateSeconds).toBeGreaterThanOrEqual(1);
    expect(await rowsOf(postgresReplicationReceiver, { ...replica(), flavour: "aurora" })).toEqual([]);
    expect(await rowsOf(postgresReplicationAurora, here())).toEqual([]);
  });
});
