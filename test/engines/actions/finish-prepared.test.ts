import { type Connection, createConnection } from "mysql2/promise";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import {
  labUrl,
  type MariadbServer,
  type MysqlServer,
  type PostgresServer,
} from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { actorStatements, execute } from "./support.ts";

const action = "finish-prepared-transaction";
/** Somebody has finished it already, and may have done so the other way. */
const whichWay = {
  status: "not-verified",
  summary: expect.stringContaining("finished, which way is not known"),
  mayHaveActed: false,
};

describe.each([14, 18] as const)("prepared transactions of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;
  let shop: Client;

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { max_prepared_transactions: "5" } });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    for (const sql of actorStatements("postgres")) await root.query(sql);
    await root.query("create table public.t (id int primary key); grant all on public.t to shop");
    shop = await openSession(server, { user: "shop" });
  });
  afterAll(async () => {
    await closeAll([root, shop].filter((client) => client !== undefined));
    await server?.stopNow();
  });

  const prepare = async (gid: string, id: number): Promise<void> => {
    await shop.query("begin");
    await shop.query(`insert into public.t values (${id})`);
    await shop.query(`prepare transaction '${gid.replaceAll("'", "''")}'`);
  };
  const momentOf = async (gid: string): Promise<string> => {
    const sql = "select prepared::text as at from pg_prepared_xacts where gid = $1";
    return (await root.query<{ at: string }>(sql, [gid])).rows[0]?.at ?? "2026-01-01 00:00:00+00";
  };
  const finish = async (gid: string, decision: string, prepared?: string | null): Promise<Outcome> =>
    execute(server, action, {
      ...{ gid, decision },
      prepared: prepared === undefined ? await momentOf(gid) : prepared,
    });
  const ids = async (): Promise<number[]> =>
    (await root.query<{ id: number }>("select id from public.t order by id")).rows.map(({ id }) => id);

  it("A5 says that only its owner may, and how to give it", async () => {
    await prepare("it's one", 1);
    const outcome = await finish("it's one", "commit");
    expect(outcome).toMatchObject({ refusal: { guard: "grant-missing" } });
    await root.query("grant shop to actor");
  });

  it("A5 does what its owner has decided, once", async () => {
    await prepare("two", 2);
    expect(await finish("it's one", "commit")).toMatchObject({ status: "done" });
    expect(await finish("two", "rollback")).toMatchObject({ status: "done" });
    expect(await ids()).toEqual([1]);
    expect(await finish("two", "rollback")).toMatchObject(whichWay);
    expect(await finish("two", "commit")).toMatchObject(whichWay);
  });

  it("A5 leaves another one of that name alone, whatever its age, and one of another database", async () => {
    await prepare("three", 3);
    const first = await momentOf("three");
    await root.query("rollback prepared 'three'");
    await prepare("three", 3);
    for (const moment of [first, null])
      expect(await finish("three", "commit", moment)).toMatchObject({ refusal: { guard: "not-the-same" } });
    await root.query("create database theirs owner shop");
    const there = new Client(labUrl("postgres", server.port, "shop", "theirs"));
    await there.connect();
    for (const sql of ["begin", "select 1", "prepare transaction 'there'"]) await there.query(sql);
    expect(await finish("there", "commit")).toMatchObject({ refusal: { guard: "other-database" } });
    await there.query("rollback prepared 'there'");
    await there.end();
    expect(await finish("three", "rollback")).toMatchObject({ status: "done" });
  });

  it("A40 is never done unasked", async () => {
    const input = { gid: "x", decision: "commit", prepared: null };
    const outcome = await execute(server, action, input, { guards: { unasked: true } });
    expect(outcome).toMatchObject({ refusal: { guard: "never-alone" } });
  });
});

describeEngine("prepared transactions of MySQL", await mysqlAvailability(), () =>
  xaSuite(() => startMysql()),
);
describeEngine("prepared transactions of MariaDB", await mariadbAvailability(), () =>
  xaSuite(() => startMariadb()),
);

function xaSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;

  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("CREATE TABLE app.t (id INT PRIMARY KEY)");
  });
  afterAll(async () => {
    await closeAll([admin]);
    await server?.stopNow();
  });

  const prepare = async (xid: string, id: number): Promise<Connection> => {
    const shop = await openSession(server, { user: "shop" });
    await shop.query(`XA START ${xid}`);
    await shop.query(`INSERT INTO app.t VALUES (${id})`);
    await shop.query(`XA END ${xid}`);
    await shop.query(`XA PREPARE ${xid}`);
    return shop;
  };
  const finish = (gid: string, decision: string): Promise<Outcome> =>
    execute(server, action, { gid, decision, prepared: null });

  it("A5 does what its owner has decided, once, by whatever way its name is written", async () => {
    await (await prepare("'one'", 1)).end();
    await (await prepare("'two','b',7", 2)).end();
    expect(await finish("X'6f6e65',X'',1", "commit")).toMatchObject({ status: "done" });
    expect(await finish("'two','b',7", "rollback")).toMatchObject({ status: "done" });
    const [rows] = await admin.query("SELECT id FROM app.t");
    expect(JSON.parse(JSON.stringify(rows))).toEqual([{ id: 1 }]);
    expect(await finish("'two','b',7", "rollback")).toMatchObject(whichWay);
    expect(await finish("'two','b',7", "commit")).toMatchObject(whichWay);
  });

  it("A5 leaves alone what a session still has in its hands, which MySQL's have not once it is prepared", async () => {
    const shop = await prepare("'held'", 3);
    const outcome = await finish("'held'", "commit");
    // https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_xa_detach_on_prepare
    if (server.engine === "mysql") expect(outcome.status).toBe("done");
    else {
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "has-session" } });
      await shop.query("XA COMMIT 'held'");
    }
    await shop.end();
    const [rows] = await admin.query("SELECT id FROM app.t WHERE id = 3");
    expect(JSON.parse(JSON.stringify(rows))).toEqual([{ id: 3 }]);
  });

  it("A5 takes nothing for a name that would be more than one", async () => {
    const outcome = await finish("'a'; DROP TABLE app.t", "rollback");
    expect(outcome).toMatchObject(whichWay);
    const [rows] = await admin.query("SELECT COUNT(*) > 0 AS there FROM app.t");
    expect(JSON.parse(JSON.stringify(rows))).toEqual([{ there: 1 }]);
  });
}
