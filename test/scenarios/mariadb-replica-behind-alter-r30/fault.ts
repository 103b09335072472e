import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { closeAll, waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://www.alibabacloud.com/help/en/rds/support/what-do-i-do-if-my-read-only-apsaradb-rds-for-mysql-instance-synchronizes-data-from-its-primary-instance-at-a-latency
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "An ALTER TABLE that rebuilt a table on the source is now repeated by the replica; all that came after waits behind it",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 5 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, "migrate");
    await setup.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, state varchar(20) NOT NULL, body varchar(300) NOT NULL)`,
    );
    await setup.query(
      `INSERT INTO ${table} (state, body) SELECT 'done', REPEAT(SHA2(n, 256), 4) FROM ${numbersTo(40_000)}`,
    );
    await ordinaryWork(stage);
    const port = stage.server.replicas[0]?.port ?? 0;
    const readers = await waitUntil(
      async () => {
        const opened: Connection[] = [];
        for (let each = 0; each < 2; each += 1)
          opened.push(await createConnection({ uri: labUrl("mariadb", port, "shop") }));
        await opened[0]?.query(`SELECT id FROM ${table} WHERE id = 40000`);
        return opened;
      },
      { what: "the replica has the application's rows", everyMs: 200 },
    );
    stage.cleanUp(() => closeAll(readers));
    await keepRunning(stage, readers, 10, async (reader, turn) => {
      await reader.query(`SELECT state FROM ${table} WHERE id = ${1 + (turn % 40_000)}`);
      await pause(50);
    });
    await setup.query(
      `ALTER TABLE ${table} ADD COLUMN digest char(64) AS (SHA2(REPEAT(body, 8000), 256)) STORED, ALGORITHM = COPY`,
    );
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    await waitUntil(
      async () => {
        const [[status]] = await replica.query<RowDataPacket[]>("SHOW SLAVE STATUS");
        return Number(status?.["Seconds_Behind_Master"]) >= 8;
      },
      { what: "the replica is behind", timeoutMs: 30_000, everyMs: 200 },
    );
    return { culprits: [] };
  },
});
