import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mysqlDoor } from "../../../functions/core/failover/door/mysql-door.ts";
import { hasAll } from "../../../functions/core/failover/positions.ts";
import { grantScript } from "../../../functions/core/grants/grant-script.ts";
import { mysqlAvailability } from "../../lab/engines/available.ts";
import type { LabNode, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { doorAt } from "./door-support.ts";

const { ok, reason } = await mysqlAvailability();

describe.skipIf(!ok)(`the door of MySQL without GTIDs${ok ? "" : ` NOT TRIED: ${reason}`}`, () => {
  let server: MysqlServer;
  let replica: LabNode;
  const { look } = doorAt("mysql", mysqlDoor);

  beforeAll(async () => {
    server = await startMysql({ replicas: 1 });
    const [only] = server.replicas;
    if (only === undefined) throw new Error("there is no replica");
    replica = only;
    const script = grantScript({ engine: "mysql", role: "probe", auth: "password", failover: true });
    await run({ ...server, adminUrl: server.masterUrl }, script);
    await run(server, "CREATE TABLE app.orders (id INT PRIMARY KEY)");
    const { written } = await look(server);
    await waitUntil(async () => hasAll((await look(replica)).applied, written) === true, {
      what: "it has the users",
    });
    await run(replica, "STOP REPLICA");
    for (const node of [server, replica]) {
      await run(node, "SET GLOBAL gtid_mode = ON_PERMISSIVE; SET GLOBAL gtid_mode = OFF_PERMISSIVE");
    }
    const [end] = await run(server, "SHOW BINARY LOG STATUS");
    const from = `SOURCE_LOG_FILE = '${end?.["File"]}', SOURCE_LOG_POS = ${end?.["Position"]}`;
    await run(replica, `CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 0, ${from}`);
    await run(replica, "START REPLICA");
  });
  afterAll(() => server?.stopNow());

  const caughtUp = async () => {
    const { written } = await look(server);
    expect(written?.kind).toBe("binlog");
    await waitUntil(async () => hasAll((await look(replica)).applied, written) === true, {
      what: "it has everything",
    });
  };

  it("F5 knows by the primary's binary log when a replica has everything, and when it has not", async () => {
    await run(server, "INSERT INTO app.orders VALUES (1)");
    await caughtUp();
    await run(replica, "STOP REPLICA SQL_THREAD");
    await run(server, "INSERT INTO app.orders VALUES (2)");
    const { written } = await look(server);
    await waitUntil(async () => hasAll((await look(replica)).received, written) === true, {
      what: "it received",
    });
    const seen = await look(replica);
    expect(hasAll(seen.applied, seen.received)).toBe(false);
    await run(replica, "START REPLICA SQL_THREAD");
    await caughtUp();
  });

  it("F5 knows it across a new file of the log", async () => {
    await run(server, "FLUSH BINARY LOGS");
    await caughtUp();
    await run(server, "INSERT INTO app.orders VALUES (3)");
    await caughtUp();
  });
});

async function run({ adminUrl: uri }: Pick<LabNode, "adminUrl">, sql: string): Promise<RowDataPacket[]> {
  const session = await createConnection({ uri, multipleStatements: true });
  try {
    const [rows] = await session.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await session.end();
  }
}
