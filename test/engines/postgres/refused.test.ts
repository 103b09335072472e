import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grantScript } from "../../../functions/core/grants/grant-script.ts";
import { postgresOldestXmin } from "../../../functions/core/probes/postgres/oldest-xmin.ts";
import { postgresOldestXminSlots } from "../../../functions/core/probes/postgres/oldest-xmin-slots.ts";
import { postgresPlans } from "../../../functions/core/probes/postgres/plans/plans.ts";
import { postgresReplication } from "../../../functions/core/probes/postgres/replication.ts";
import { postgresReplicationSlots } from "../../../functions/core/probes/postgres/replication-slots.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { askProbe, rowsOf } from "./performance-support.ts";
import { probeLogin } from "./postgres-lab.ts";

/** What Aurora and old versions refuse, refused here by taking the right away. */
describe.each([14, 17] as const)("what is refused on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;
  const here = (): { port: number } => ({ port: server.port });

  beforeAll(async () => {
    server = await startPostgres({ major, replicas: 1, settings: { autovacuum: "off" } });
    root = await openSession(server, { user: "rdsadmin" });
  });

  afterAll(async () => {
    await closeAll([root]);
    await server?.stopNow();
  });

  it("P20 a grant that cannot be given stops nothing of the script", async () => {
    const script = grantScript({ engine: "postgres", role: "probe", auth: "password" })
      .replace("'choose-one'", `'${probeLogin.password}'`)
      // As on 13, where there is no such role.
      .replaceAll("pg_read_all_data", "pg_no_such_role");
    await root.query(script);
    const { rows } = await root.query(
      "select pg_has_role('rds_responder', 'pg_monitor', 'usage') as monitors",
    );
    expect(rows).toEqual([{ monitors: true }]);
  });

  it("P20 the position is refused: who is fed and which slots there are is seen, bytes are not known", async () => {
    await root.query("revoke execute on function pg_current_wal_lsn() from public, pg_monitor");
    await root.query("select pg_create_physical_replication_slot('cdc', true)");
    const [standby] = await rowsOf(postgresReplication, here());
    const [slot] = await rowsOf(postgresReplicationSlots, here());
    await root.query("grant execute on function pg_current_wal_lsn() to public");
    expect(standby).toMatchObject({ application: "replica_1", state: "streaming", replayLagBytes: null });
    expect(slot).toMatchObject({ slot: "cdc", active: false, retainedBytes: null });
    expect((await rowsOf(postgresReplicationSlots, here()))[0]?.retainedBytes).toBeGreaterThanOrEqual(0);
  });

  it("P20 slots are refused: sessions are seen all the same, and that slots are not is said", async () => {
    await root.query("revoke select on pg_replication_slots from public");
    const holder = await openSession(server, { user: "admin", applicationName: "report" });
    await holder.query("begin isolation level repeatable read; select 1");
    const sessions = await rowsOf(postgresOldestXmin, here());
    const slots = await askProbe(postgresOldestXminSlots, here());
    await holder.query("rollback");
    await closeAll([holder]);
    await root.query("grant select on pg_replication_slots to public");
    expect(sessions.map(({ application }) => application)).toContain("report");
    expect(slots).toMatchObject({
      status: "skipped",
      reason: expect.stringContaining("pg_replication_slots"),
    });
  });

  it("P20 an extension that was never updated has plans, too", async () => {
    await root.query("drop extension pg_stat_statements; create extension pg_stat_statements version '1.8'");
    await root.query(
      "create table public.wide as select g as id, g % 7 as n from generate_series(1, 5000) g",
    );
    await root.query("grant select on public.wide to rds_responder, admin");
    const worker = await openSession(server, { user: "admin" });
    for (let turn = 0; turn < 20; turn += 1)
      await worker.query("select count(*) from public.wide where n = $1", [3]);
    await closeAll([worker]);
    const rows = await rowsOf(postgresPlans, here());
    expect(rows.some(({ query, status }) => query.includes("wide where n") && status === "explained")).toBe(
      true,
    );
  });
});
