import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openForLong } from "../../../functions/core/actions/statements/mysql-object.ts";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { inWorld } from "./in-world.ts";
import { actorStatements, execute } from "./support.ts";

describeEngine("actions on objects of MySQL", await mysqlAvailability(), () =>
  objectSuite(() => startMysql()),
);
describeEngine("actions on objects of MariaDB", await mariadbAvailability(), () =>
  objectSuite(() => startMariadb()),
);

function objectSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;
  const open: Connection[] = [];
  const account = { schema: "app", name: "account" };
  const byOwner = {
    ...{ schema: "app", table: "account", name: "account_owner_idx", unique: false },
    definition: "(owner)",
  };

  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    open.push(admin);
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query(
      "CREATE TABLE app.account (id INT PRIMARY KEY AUTO_INCREMENT, owner INT, note CHAR(80))",
    );
    await admin.query("INSERT INTO app.account (owner, note) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')");
    for (let doubling = 0; doubling < 12; doubling += 1)
      await admin.query("INSERT INTO app.account (owner, note) SELECT owner + 1, note FROM app.account");
  });
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  it("A7 A10 say which right is missing", async () => {
    const asked = [
      ["analyze-table", account],
      ["create-index", byOwner],
    ] as const;
    for (const [action, input] of asked) {
      const outcome = await execute(server, action, input);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "no-such-object" } });
      expect(outcome.refusal?.release).toContain("GRANT");
    }
    await admin.query("GRANT SELECT, INSERT, INDEX, ALTER ON app.account TO actor@'%'");
  });

  it("A7 collects statistics, and proves that they are new", async () => {
    expect(await execute(server, "analyze-table", account)).toMatchObject({ status: "done" });
  });

  it("A7 does not begin while a statement runs for long, behind which all others would wait", async () => {
    const reader = await openSession(server, { user: "shop" });
    open.push(reader);
    const reading = reader.query("SELECT SLEEP(13) FROM app.account WHERE id = 1");
    const refused = await waitUntil(
      async () => {
        const outcome: Outcome = await execute(server, "analyze-table", account);
        return outcome.status === "refused" ? outcome : null;
      },
      { what: "it is refused", timeoutMs: 13_000, everyMs: 500 },
    );
    expect(refused.refusal?.guard).toBe("long-statement");
    await reading;
  }, 30_000);

  it("A7 keeps nobody waiting behind a statement on the table: this version does not open it anew", async () => {
    const [reader, other] = [
      await openSession(server, { user: "shop" }),
      await openSession(server, { user: "shop" }),
    ];
    open.push(reader, other);
    const ended: string[] = [];
    const reading = reader
      .query("SELECT SLEEP(3) FROM app.account WHERE id = 1")
      .then(() => ended.push("first"));
    const running = "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP(3)%'";
    await waitUntil(async () => JSON.stringify((await admin.query(running))[0]) !== "[]", {
      what: "the first to read",
    });
    await admin.query("ANALYZE TABLE app.account");
    await other.query("SELECT * FROM app.account WHERE id = 1").then(() => ended.push("second"));
    await reading;
    expect(ended).toEqual(["second", "first"]);
  });

  it("A10 gives up within seconds behind an open transaction, so that nobody queues behind it for long", async () => {
    const holder = await openSession(server, { user: "shop" });
    open.push(holder);
    await holder.query("BEGIN");
    await holder.query("SELECT * FROM app.account WHERE id = 1");
    const outcome = await execute(server, "create-index", byOwner);
    await holder.query("ROLLBACK");
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "lock-timeout" } });
  }, 30_000);

  it("A10 builds the index while others write, once", async () => {
    const writer = await openSession(server, { user: "shop" });
    open.push(writer);
    let writing = true;
    const writes = (async () => {
      while (writing) await writer.query("UPDATE app.account SET note = 'x' WHERE id = 2");
    })();
    const outcome = await execute(server, "create-index", byOwner);
    writing = false;
    await writes;
    const undo = {
      ...{
        actionId: "hide-index",
        input: { was: { unique: false, definition: "(`owner`)" }, visible: false },
      },
    };
    expect(outcome).toMatchObject({
      status: "done",
      summary: expect.stringContaining("built and valid"),
      undo,
    });
    expect(await execute(server, "create-index", byOwner)).toMatchObject({ status: "already-done" });
    expect(await execute(server, "create-index", byOwner, { repeated: true })).toMatchObject({
      ...{ status: "already-done", undo },
    });
  });

  it("A10 does not begin while a transaction is old, behind which the build would be lost", async () => {
    const holder = await openSession(server, { user: "shop" });
    open.push(holder);
    await holder.query("BEGIN");
    await holder.query("UPDATE app.account SET note = 'y' WHERE id = 3");
    const old = { kind: "refuse", guard: "long-transaction" };
    await inWorld(server, async (world) => {
      await waitUntil(async () => (await openForLong(world, -1)) !== null, {
        what: "it is seen",
        everyMs: 120,
      });
      expect(await openForLong(world, -1)).toMatchObject(old);
      expect(await openForLong(world)).toBeNull();
    });
    await holder.query("ROLLBACK");
  });

  it("A10 takes no index of that name for the one that is wanted when it is another", async () => {
    const other = { ...byOwner, definition: "(owner, id)" };
    const outcome = await execute(server, "create-index", other);
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "name-taken" } });
  });

  it("A10 leaves alone what cannot be built while others write", async () => {
    await admin.query("CREATE TABLE app.old (id INT PRIMARY KEY, v INT) ENGINE = MyISAM");
    await admin.query("GRANT SELECT, INDEX, ALTER ON app.old TO actor@'%'");
    const outcome = await execute(server, "create-index", {
      ...byOwner,
      table: "old",
      name: "old_v_idx",
      definition: "(v)",
    });
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "not-innodb" } });
  });
}
