import { afterEach, expect, it } from "vitest";
import * as z from "zod";
import { isPostgres } from "../../lab/demo/database.ts";
import { mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { LabServer } from "../../lab/engines/lab-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { createLabUsers, waitUntil } from "../../lab/engines/sql.ts";
import { type BystanderClient, openClient } from "../../scenarios/support/heal/bystander-client.ts";
import { type Bystanders, openBystanders } from "../../scenarios/support/heal/bystanders.ts";

interface Scene {
  readonly admin: BystanderClient;
  readonly bystanders: Bystanders;
}

function noticing(start: () => Promise<LabServer>): void {
  const undo: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const work of undo.splice(0).reverse()) await work();
  });

  async function atWork(): Promise<Scene & { readonly server: LabServer }> {
    const server = await start();
    undo.push(server.stopNow);
    await createLabUsers(server);
    const bystanders = await openBystanders(server, server);
    undo.push(bystanders.close);
    const admin = await openClient(server, "rdsadmin", "test");
    undo.push(admin.close);
    bystanders.run();
    await changed(admin);
    return { server, admin, bystanders };
  }

  it("V1 nobody is hurt where nothing is done to them", { timeout: 60_000 }, async () => {
    const { admin, bystanders } = await atWork();
    bystanders.mark();
    await changed(admin);
    expect(await bystanders.judge()).toEqual([]);
  });

  it("V1 an ended session, a changed row and a changed table are each noticed", {
    timeout: 60_000,
  }, async () => {
    const { server, admin, bystanders } = await atWork();
    bystanders.mark();
    await endReader(server, admin);
    await admin.query("UPDATE bystander_writer SET n = n + 100 WHERE id = 1");
    await admin.query("ALTER TABLE bystander_transaction ADD COLUMN extra int");
    await changed(admin);
    const hurt = await bystanders.judge();
    const kinds = new Set(hurt.map(({ kind }) => kind));
    expect([...kinds].toSorted(), JSON.stringify(hurt)).toEqual(["objects", "rows", "session"]);
  });

  it("V1 what the fault did to them before is the fault's", { timeout: 60_000 }, async () => {
    const { server, admin, bystanders } = await atWork();
    await endReader(server, admin);
    await changed(admin);
    bystanders.mark();
    expect(await bystanders.judge()).toEqual([]);
  });
}

/** The writer has gone on working, so the others have had their turns, too. */
async function changed(admin: BystanderClient): Promise<void> {
  const count = async () => JSON.stringify(await admin.query("SELECT n FROM bystander_writer WHERE id = 1"));
  for (let times = 0; times < 3; times += 1) {
    const before = await count();
    await waitUntil(async () => (await count()) !== before, { what: "the bystander's next change" });
  }
}

async function endReader(server: LabServer, admin: BystanderClient): Promise<void> {
  if (isPostgres(server)) {
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bystander reader'",
    );
    return;
  }
  const found = await admin.query(
    "SELECT PROCESSLIST_ID AS id FROM performance_schema.session_connect_attrs WHERE ATTR_VALUE = 'bystander reader'",
  );
  const [{ id }] = z.tuple([z.object({ id: z.number() })]).parse(found);
  await admin.query(`KILL ${id}`);
}

const newest = await postgresAvailability(18);
describeEngine("PostgreSQL's bystanders", newest, () =>
  noticing(() => startPostgres({ major: 18, maxConnections: 30, replicas: 0, settings: {} })),
);
describeEngine("MySQL's bystanders", await mysqlAvailability(), () =>
  noticing(() => startMysql({ maxConnections: 30, replicas: 0, settings: {} })),
);
