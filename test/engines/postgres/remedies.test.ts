import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { View } from "../../../functions/core/facts/view.ts";
import { findExtent } from "../../../functions/core/remedies/extent-remedies.ts";
import { createIndex, dropIndex, rebuildIndex } from "../../../functions/core/remedies/index-remedies.ts";
import { addForeignKeyAgain } from "../../../functions/core/remedies/integrity-remedies.ts";
import { freePostgresIdleConnections } from "../../../functions/core/remedies/postgres-connection-remedies.ts";
import { setPostgresLimit } from "../../../functions/core/remedies/postgres-timeout-remedies.ts";
import { analyzeTable, rewriteTable, vacuumTable } from "../../../functions/core/remedies/query-remedies.ts";
import { findOldestTables } from "../../../functions/core/remedies/wraparound-remedies.ts";
import { endHolder } from "../../../functions/core/remedies/xmin-remedies.ts";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, openSessions, waitUntil } from "../../lab/engines/sql.ts";
import { aGroup, aView } from "../../support/evidence-builder.ts";
import { aStatement, aTable, lookedDeeper } from "../../support/statement-builder.ts";
import { majors } from "./postgres-lab.ts";

/** Every statement is run as the user who is told to run it, and by the master of RDS, who is no superuser. */
describe.each(majors)("remedies on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;
  let master: Client;
  let shop: Client;
  const view = (): View => aView({ server: { version: `${major}.1` } });

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off" } });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    // A database of the application's own: the master owns neither it nor its tables.
    await root.query("create database theirs owner shop");
    const other = (user: "admin" | "shop" | "rdsadmin"): Client =>
      new Client(labUrl("postgres", server.port, user, "theirs"));
    await closeAll([root]);
    [root, master, shop] = [other("rdsadmin"), other("admin"), other("shop")];
    for (const client of [root, master, shop]) await client.connect();
    await shop.query(
      `create table public.orders (id int primary key);
       create table public.items (id int primary key, order_id int constraint items_order references orders (id));
       insert into public.orders values (1); insert into public.items values (1, 1)`,
    );
  });

  afterAll(async () => {
    await closeAll([root, master, shop].filter((client) => client !== undefined));
    await server?.stopNow();
  });

  async function lastVacuum(): Promise<Date | null> {
    const { rows } = await root.query("select last_vacuum from pg_stat_user_tables where relname = 'orders'");
    return rows[0].last_vacuum;
  }

  async function noticesOf(client: Client, sql: string): Promise<string[]> {
    const notices: string[] = [];
    const listen = ({ message }: { message?: string | undefined }): number => notices.push(message ?? "");
    client.on("notice", listen);
    await client.query(sql);
    client.off("notice", listen);
    return notices;
  }

  it("P16 VACUUM does nothing for who may not, and is done by the owner; the text says who that is", async () => {
    const action = vacuumTable(view(), aTable({ owner: "shop" }));
    const warned = await noticesOf(master, action.preview);
    expect(warned.some((text) => text.includes("skipping"))).toBe(major < 17);
    if (major < 17) expect(await lastVacuum()).toBeNull();
    expect(action.describes.includes("pg_maintain")).toBe(major >= 17);
    expect(action.describes).toContain("run it as shop, the table's owner, as the owner of the database");
    expect(await noticesOf(shop, action.preview)).toEqual([]);
    await waitUntil(async () => (await lastVacuum()) !== null, { what: "the vacuum to be counted" });
  });

  it("P16 the owner of the database vacuums what it does not own, as the text says", async () => {
    const [mine, theirs] = [await openSession(server), await openSession(server, { user: "shop" })];
    await theirs.query("create table public.orders (id int primary key)");
    expect(await noticesOf(mine, vacuumTable(view(), aTable({ owner: "shop" })).preview)).toEqual([]);
    await closeAll([mine, theirs]);
  });

  it("P16 the owner analyzes, rewrites, builds and drops", async () => {
    const table = aTable({ owner: "shop" });
    const index = { schema: "public", table: "items", index: "items_by_order", owner: "shop" };
    const definition = "CREATE INDEX items_by_order ON public.items USING btree (order_id)";
    const create = "CREATE INDEX CONCURRENTLY items_by_order ON public.items (order_id)";
    for (const { preview } of [
      analyzeTable(view(), table),
      rewriteTable(view(), table),
      createIndex(view(), create, "index order_id of items", "shop"),
      rebuildIndex(view(), { ...index, definition }, false),
      dropIndex(view(), { ...index, definition }, "never scanned", { coveredBy: null, scans: 0 }),
    ]) {
      // As a client sends them: one after the other.
      for (const statement of preview.split(/;\n/)) expect(await noticesOf(shop, statement)).toEqual([]);
    }
    await expect(master.query(create)).rejects.toMatchObject({ code: "42501" });
  });

  it("P19 a foreign key that nobody checks is checked again; ENABLE TRIGGER ALL is refused to the owner", async () => {
    await root.query("alter table public.items disable trigger all");
    await shop.query("insert into public.items values (2, 99)");
    await expect(shop.query("alter table public.items enable trigger all")).rejects.toMatchObject({
      code: "42501",
    });
    const [action] = addForeignKeyAgain({
      schema: "public",
      table: "items",
      constraint: "items_order",
      owner: "shop",
      definition: "FOREIGN KEY (order_id) REFERENCES orders(id)",
    });
    await shop.query(action?.preview ?? "");
    await expect(shop.query("insert into public.items values (3, 98)")).rejects.toMatchObject({
      code: "23503",
    });
    const validate = "alter table public.items validate constraint items_order";
    await expect(shop.query(validate)).rejects.toMatchObject({ code: "23503" });
    await shop.query("delete from public.items where id = 2");
    await shop.query(validate);
  });

  it("P19 amcheck looks into tables and indexes", async () => {
    await root.query("create extension if not exists amcheck");
    const previews = findExtent(view()).map(({ preview }) => preview);
    expect(previews).toHaveLength(2);
    const [tables, indexes] = await Promise.all(previews.map((sql) => root.query(sql)));
    expect(tables?.rows).toEqual([]);
    expect(indexes?.rows.length).toBeGreaterThan(50);
  });

  it("P15 ends the idle sessions of one user and leaves its namesakes alone", async () => {
    const name = { applicationName: "PostgreSQL JDBC Driver" };
    const leaked = await openSessions(server, 3, { user: "shop", ...name });
    const innocent = await openSessions(server, 3, { user: "admin", ...name });
    const groups = [
      aGroup(3, {
        state: "idle",
        application: name.applicationName,
        user: "shop",
        client: "127.0.0.1",
        idleOverLeak: 3,
      }),
    ];
    const elected = await openSession(server, { user: "shop", ...name });
    await elected.query("select pg_advisory_lock(7)");
    const listener = await openSession(server, { user: "shop", ...name });
    await listener.query("LISTEN jobs");
    const scratch = await openSession(server, { user: "shop", ...name });
    // Seen in its own database, from 16 on.
    if (major >= 16) await scratch.query("create temporary table scratch (id int)");
    else await scratch.query("listen scratch");
    const scene = aView({ groups, server: { version: `${major}.1` } });
    const soon = { ...scene, thresholds: { ...scene.thresholds, leakIdleSeconds: 0 } };
    const [action] = freePostgresIdleConnections(soon);
    const here = await openSession(server);
    const { rows } = await here.query(action?.preview ?? "");
    expect(rows).toHaveLength(3);
    expect(action?.consequence.includes("those with temporary tables")).toBe(major >= 16);
    for (const one of [...innocent, elected, listener, scratch])
      expect((await one.query("select 1 as alive")).rows).toEqual([{ alive: 1 }]);
    for (const one of leaked) await expect(one.query("select 1")).rejects.toThrow();
    await closeAll([...leaked, ...innocent, elected, listener, scratch, here]);
  });

  it("P15 ends the instances of one program by the names that were seen, and no other that is called like them", async () => {
    const names = ["it's-6e02a63", "it's-24840fb", "it's-3f21c07"];
    const named = (applicationName: string) => openSession(server, { user: "shop", applicationName });
    const instances = await Promise.all(names.map(named));
    const others = await Promise.all(["it's-77aa0b1", "it's-admin"].map(named));
    const groups = names.map((application) =>
      aGroup(1, { state: "idle", application, user: "shop", client: "127.0.0.1", idleOverLeak: 1 }),
    );
    const scene = aView({ groups, server: { version: `${major}.1` } });
    const soon = { ...scene, thresholds: { ...scene.thresholds, leakIdleSeconds: 0 } };
    const [action] = freePostgresIdleConnections(soon);
    const here = await openSession(server);
    expect((await here.query(action?.preview ?? "")).rows).toHaveLength(names.length);
    for (const one of others) expect((await one.query("select 1 as alive")).rows).toEqual([{ alive: 1 }]);
    for (const one of instances) await expect(one.query("select 1")).rejects.toThrow();
    await closeAll([...instances, ...others, here]);
  });

  it("P7 P8 what only looks is answered: oldest tables, holders on a standby, a slot", async () => {
    const row = { sessionKey: null, xminAge: 1, catalogOnly: false, seconds: null, user: null } as const;
    const of = { ...row, application: null, client: null, database: null, query: null, name: "cdc" };
    const held = { suffers: true, alone: false };
    const looks = [
      findOldestTables("theirs"),
      ...(["replication-slot", "standby"] as const).flatMap((holder) =>
        endHolder(view(), { key: "holder", row: { ...of, holder, state: "active" }, session: null }, held),
      ),
    ];
    expect(looks.map(({ id }) => id)).toEqual([
      "find-oldest-tables",
      "look-at-slot",
      "find-holder-on-standby",
    ]);
    for (const { preview } of looks) await master.query(preview);
  });

  it("A6 the limit is set for the role by who may, and for nobody else", async () => {
    const own = aGroup(20, { user: "rds_responder", application: "rds-responder" });
    const groups = [aGroup(9, { user: "shop" }), aGroup(2, { user: "admin" }), own];
    const view = lookedDeeper({ "postgres-top-statements": [aStatement()] }, { groups, sessions: [] });
    const [action] = setPostgresLimit(view, { name: "statement_timeout", what: "statements" });
    // Up to 15 CREATEROLE is enough; from 16 on it takes ADMIN on a role that somebody else made.
    const done = master.query(action?.preview ?? "");
    if (major < 16) await done;
    else await expect(done).rejects.toMatchObject({ code: "42501" });
    expect(action?.preview).toBe(`ALTER ROLE "shop" SET statement_timeout = '60s'`);
  });
});
