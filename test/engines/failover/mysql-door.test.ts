import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mysqlDoor } from "../../../functions/core/failover/door/mysql-door.ts";
import { hasAll } from "../../../functions/core/failover/positions.ts";
import { grantScript } from "../../../functions/core/grants/grant-script.ts";
import { type LabNode, labUrl } from "../../lab/engines/lab-server.ts";
import { closeAll, createLabUsers, waitUntil } from "../../lab/engines/sql.ts";
import { products, type Server } from "../mysql/support.ts";
import { doorAt, users } from "./door-support.ts";

for (const product of products) {
  const { ok, reason } = product.availability;
  const name = `the door of ${product.engine}${ok ? "" : ` NOT TRIED: ${reason}`}`;
  describe.skipIf(!ok)(name, () => suite(product));
}

/** InnoDB's table of transactions stays as it was until nobody has read it for 100 ms. */
const refreshed = "DO SLEEP(0.3)";

function suite({ engine, start }: (typeof products)[number]) {
  let server: Server;
  let replica: LabNode;
  const opened: Connection[] = [];
  const { look, lookAgain, close, turn } = doorAt(engine, mysqlDoor);
  const word = engine === "mysql" ? "REPLICA" : "SLAVE";

  beforeAll(async () => {
    server = await start({ replicas: 1 });
    const [only] = server.replicas;
    if (only === undefined) throw new Error("there is no replica");
    replica = only;
    // On RDS a replica is read-only by its parameter group.
    await asAdmin(replica, "SET GLOBAL read_only = 1");
    await createLabUsers(server);
    await asAdmin(server, "CREATE USER closed@'%' ACCOUNT LOCK");
    await asAdmin(server, "CREATE TABLE app.orders (id INT PRIMARY KEY)");
    for (const role of ["probe", "act"] as const) {
      const script = grantScript({ engine, role, auth: "password", flavour: "rds", failover: true });
      await once(server.masterUrl, script);
    }
    await caughtUp(replica);
  });
  afterAll(async () => {
    await closeAll(opened);
    await close();
    await server?.stopNow();
  });

  const client = async (node: LabNode = server) => {
    const session = await createConnection(labUrl(engine, node.port, "shop"));
    session.on("error", () => undefined);
    opened.push(session);
    return session;
  };
  const caughtUp = async (node: LabNode) => {
    const { written } = await look(server);
    expect(written).not.toBeNull();
    await waitUntil(async () => hasAll((await look(node)).applied, written) === true, {
      what: "it has everything",
    });
  };

  it("F3 sees a primary that takes writes, its clients, its largest transaction, and not itself", async () => {
    const shop = await client();
    await shop.query("START TRANSACTION");
    await shop.query("INSERT INTO orders VALUES (1), (2)");
    await asAdmin(server, refreshed);
    expect(await look(server)).toMatchObject({
      ...{ reachable: true, writable: true, fenced: false, clients: 1, received: null, applied: null },
      ...{ openTransaction: { rows: 2 }, filtered: false, receiving: null },
    });
    await shop.query("COMMIT");
    await shop.end();
    await asAdmin(server, refreshed);
    expect((await look(server)).openTransaction).toEqual({ rows: 0, seconds: 0 });
  });

  it("F3 sees a replica that receives and applies, when it has everything, and when it is stopped", async () => {
    await caughtUp(replica);
    expect(await look(replica)).toMatchObject({
      ...{
        reachable: true,
        writable: false,
        receiving: true,
        applying: true,
        delaySeconds: 0,
        filtered: false,
      },
      ...{ written: null, openTransaction: null },
    });
    await asAdmin(replica, `STOP ${word} SQL_THREAD`);
    await asAdmin(server, "INSERT INTO app.orders VALUES (3)");
    const { written } = await look(server);
    await waitUntil(
      async () => hasAll((await look(replica)).received, (await look(replica)).applied) !== null,
      {
        what: "it received",
      },
    );
    expect(await look(replica)).toMatchObject({ receiving: true, applying: false });
    expect(hasAll((await look(replica)).applied, written)).toBe(false);
    await asAdmin(replica, `STOP ${word}`);
    expect(await look(replica)).toMatchObject({ receiving: false, applying: false });
    const change =
      engine === "mysql" ? "CHANGE REPLICATION SOURCE TO SOURCE_DELAY" : "CHANGE MASTER TO MASTER_DELAY";
    await asAdmin(replica, `${change} = 300`);
    await asAdmin(replica, `START ${word}`);
    expect((await look(replica)).delaySeconds).toBe(300);
    await asAdmin(replica, `STOP ${word}`);
    await asAdmin(replica, `${change} = 0`);
    await asAdmin(replica, `START ${word}`);
    await caughtUp(replica);
  });

  it("F3 sees how often a replica hears from an idle source; MariaDB does not say when it last did", async () => {
    const { silentSeconds, heartbeatEverySeconds } = await look(replica);
    if (engine === "mariadb") expect([silentSeconds, heartbeatEverySeconds]).toEqual([null, null]);
    else expect(heartbeatEverySeconds).toBeGreaterThan(0);
  });

  it("F3 says at which step a node was not reached: nothing listens, or nobody answers", async () => {
    expect(await look({ port: 9 })).toMatchObject({ reachable: false, failedAt: "tcp", writable: null });
    process.kill(replica.pid, "SIGSTOP");
    try {
      expect(await look(replica)).toMatchObject({ reachable: false, applied: null });
    } finally {
      process.kill(replica.pid, "SIGCONT");
    }
  });

  it("F5 a fenced primary has no client left and takes none, and the responder still looks", async () => {
    const [idle, busy] = [await client(), await client()];
    await busy.query("START TRANSACTION");
    await busy.query("INSERT INTO orders VALUES (4)");
    expect(await turn(server, "fence")).toEqual({ is: "done", says: null });
    for (const session of [idle, busy]) await expect(session.query("SELECT 1")).rejects.toThrow();
    await expect(client()).rejects.toThrow(/locked/);
    await expect(createConnection(server.masterUrl)).rejects.toThrow(/locked/);
    const seen = await look(server);
    expect(seen).toMatchObject({ reachable: true, writable: false, fenced: true, clients: 0 });
    expect(await turn(server, "fence")).toEqual({ is: "done", says: null });
    await caughtUp(replica);
    expect(await look(replica)).toMatchObject({ fenced: true, receiving: true });
  });

  it("F5 opens it again, and leaves locked whom somebody else had locked", async () => {
    expect(await turn(server, "unfence")).toEqual({ is: "done", says: null });
    expect(await turn(server, "unfence")).toEqual({ is: "done", says: null });
    await (await client()).query("INSERT INTO orders VALUES (5)");
    expect(await look(server)).toMatchObject({ writable: true, fenced: false });
    await expect(
      createConnection(labUrl(engine, server.port, "shop").replace("shop:", "closed:")),
    ).rejects.toThrow();
    await caughtUp(replica);
    expect((await look(replica)).fenced).toBe(false);
  });

  it("F5 says that it may not, where the acting user lacks what it takes", async () => {
    await asAdmin(server, "CREATE USER poor@'%' IDENTIFIED BY 'choose-one'");
    const outcome = await doorAt(engine, mysqlDoor, "poor").turn(server, "fence");
    expect(outcome).toMatchObject({ is: "refused" });
    expect((await look(server)).fenced).toBe(false);
  });

  it("F5 fences nothing where it cannot see whom it would have to end, and says which grant is missing", async () => {
    await asAdmin(server, "CREATE USER blind@'%' IDENTIFIED BY 'choose-one'");
    await asAdmin(server, "GRANT CREATE USER ON *.* TO blind@'%'");
    await asAdmin(server, "GRANT SELECT ON rds_responder.* TO blind@'%'");
    await asAdmin(server, "GRANT INSERT, DELETE ON rds_responder.fenced TO blind@'%'");
    const shop = await client();
    const outcome = await doorAt(engine, mysqlDoor, "blind").turn(server, "fence");
    expect(outcome).toMatchObject({
      ...{ is: "refused", says: expect.stringContaining("GRANT PROCESS ON *.* TO 'blind'@'%';") },
    });
    await shop.query("INSERT INTO orders VALUES (8)");
    expect(await look(server)).toMatchObject({ fenced: false, traces: false });
    expect((await look(server)).clients).toBeGreaterThan(0);
    const unseen = await doorAt(engine, mysqlDoor, users.act, "blind").look(server);
    expect(unseen).toMatchObject({ reachable: true, clients: null, openTransaction: null });
    await shop.end();
  });

  it("F5 locks nobody where it may not end whom it sees, and says which grant is missing", async () => {
    await asAdmin(server, "CREATE USER mute@'%' IDENTIFIED BY 'choose-one'");
    await asAdmin(server, "GRANT CREATE USER, PROCESS ON *.* TO mute@'%'");
    await asAdmin(server, "GRANT SELECT ON rds_responder.* TO mute@'%'");
    await asAdmin(server, "GRANT INSERT, DELETE ON rds_responder.fenced TO mute@'%'");
    const shop = await client();
    const fence = () => doorAt(engine, mysqlDoor, "mute").turn(server, "fence");
    expect(await fence()).toMatchObject({
      is: "refused",
      says: expect.stringMatching(/may not end.*ON PROCEDURE mysql.rds_kill TO 'mute'@'%';/),
    });
    await shop.query("INSERT INTO orders VALUES (9)");
    expect(await look(server)).toMatchObject({ fenced: false, traces: false });
    await (await client()).end();
    const right = engine === "mysql" ? "CONNECTION_ADMIN" : "CONNECTION ADMIN";
    for (const [given, taken] of [
      [`GRANT ${right} ON *.* TO mute@'%'`, `REVOKE ${right} ON *.* FROM mute@'%'`],
      [
        "GRANT EXECUTE ON PROCEDURE mysql.rds_kill TO mute@'%'",
        "REVOKE EXECUTE ON PROCEDURE mysql.rds_kill FROM mute@'%'",
      ],
    ] as const) {
      await asAdmin(server, given);
      expect(await fence()).toEqual({ is: "done", says: null });
      expect(await turn(server, "unfence")).toEqual({ is: "done", says: null });
      await asAdmin(server, taken);
    }
    expect(await fence()).toMatchObject({ is: "refused" });
  });

  it("F5 ends sessions by a right that it has by a role", async () => {
    const right = engine === "mysql" ? "CONNECTION_ADMIN" : "CONNECTION ADMIN";
    await asAdmin(server, "CREATE ROLE ender");
    await asAdmin(server, `GRANT ${right} ON *.* TO ender`);
    await asAdmin(server, "GRANT ender TO mute@'%'");
    const whose =
      engine === "mysql" ? "SET DEFAULT ROLE ender TO mute@'%'" : "SET DEFAULT ROLE ender FOR mute@'%'";
    await asAdmin(server, whose);
    const shop = await client();
    expect(await doorAt(engine, mysqlDoor, "mute").turn(server, "fence")).toEqual({ is: "done", says: null });
    await expect(shop.query("SELECT 1")).rejects.toThrow();
    expect(await turn(server, "unfence")).toEqual({ is: "done", says: null });
  });

  it("F6 opens the promoted replica, which has the fence of the primary", async () => {
    expect(await lookAgain(server)).toMatchObject({ writable: true, fenced: false });
    expect(await lookAgain(replica)).toMatchObject({ writable: false, receiving: true });
    await turn(server, "fence");
    await caughtUp(replica);
    expect(await lookAgain(server)).toMatchObject({ writable: false, fenced: true, clients: 0 });
    await asAdmin(replica, `STOP ${word}`);
    await asAdmin(replica, `RESET ${word} ALL`);
    await asAdmin(replica, "SET GLOBAL read_only = 0");
    expect(await look(replica)).toMatchObject({ writable: false, fenced: true, receiving: null });
    // A session of before the promotion: who it is by now is asked of the server.
    expect(await lookAgain(replica)).toMatchObject({ writable: false, fenced: true, receiving: null });
    expect((await lookAgain(replica)).written).not.toBeNull();
    expect((await look(replica)).written).not.toBeNull();
    expect(await turn(replica, "unfence")).toEqual({ is: "done", says: null });
    expect(await look(replica)).toMatchObject({ writable: true, fenced: false });
    await (await client(replica)).query("INSERT INTO orders VALUES (7)");
    expect(await look(server)).toMatchObject({ writable: false, fenced: true, clients: 0 });
  });
}

function asAdmin(node: LabNode, sql: string): Promise<void> {
  return once(node.adminUrl, sql);
}

async function once(uri: string, sql: string): Promise<void> {
  const session = await createConnection({ uri, multipleStatements: true });
  try {
    await session.query(sql);
  } finally {
    await session.end();
  }
}
