import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

/** The look-alike of a table without a key that makes the replica late: this one is only appended to and read. */
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "One slow statement on a keyed table makes the replica late; a log without a key beside it is innocent",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1, settings: { "binlog-format": "STATEMENT" } },
  look: "replica",
  thresholds: { replicationLagSeconds: 2 },
  make: async (stage) => {
    const [table, log] = [stage.table(), stage.table()];
    const [writer] = await stage.mySessions(1, stage.application());
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    const values = Array.from({ length: 1500 }, (_, index) => `(now(), 'event ${index}')`).join(", ");
    await writer?.query(`CREATE TABLE ${log} (at datetime, note varchar(40))`);
    for (let turn = 0; turn < 4; turn += 1) await writer?.query(`INSERT INTO ${log} VALUES ${values}`);
    await writer?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await writer?.query(`INSERT INTO ${table} VALUES (1, 0)`);
    const there = `SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_name = '${table}'`;
    const count = async () => Number((await replica.query<RowDataPacket[]>(there))[0][0]?.["n"]);
    await waitUntil(async () => (await count()) === 1, { what: "the replica to have the tables" });
    for (let turn = 0; turn < 3; turn += 1) await replica.query(`SELECT MAX(note) FROM app.${log}`);
    const seconds = stage.number(4, 6);
    stage.leave(writer?.query(`UPDATE ${table} SET n = SLEEP(${seconds})`) ?? Promise.resolve());
    await waitUntil(
      async () => {
        const [rows] = await replica.query<RowDataPacket[]>("SHOW SLAVE STATUS");
        return Number(rows[0]?.["Seconds_Behind_Master"]) >= 3;
      },
      { what: "the replica to be behind", timeoutMs: 20_000 },
    );
    return { culprits: [] };
  },
});
