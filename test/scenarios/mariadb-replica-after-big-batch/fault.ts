import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "The replica has just applied a large batch and keeps up again; the source goes on writing a little",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 3 },
  make: async (stage) => {
    const table = stage.table();
    const writer = await oneMy(stage, stage.application());
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    const rows = stage.number(60_000, 90_000);
    await writer.query(`CREATE TABLE ${table} (id int PRIMARY KEY, state varchar(20), n int, KEY (n))`);
    await writer.query(`INSERT INTO ${table} SELECT n, 'new', n % 700 FROM ${numbersTo(rows)}`);
    await writer.query(`UPDATE ${table} SET n = n + 1, state = 'billed'`);
    const caughtUp = async () => {
      const [found] = await replica.query<RowDataPacket[]>(
        `SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_name = '${table}'`,
      );
      if (Number(found[0]?.["n"]) === 0) return false;
      const [billed] = await replica.query<RowDataPacket[]>(
        `SELECT COUNT(*) AS n FROM app.${table} WHERE state = 'billed'`,
      );
      return Number(billed[0]?.["n"]) === rows;
    };
    await waitUntil(caughtUp, { what: "the replica to have the batch", timeoutMs: 90_000 });
    await nowAndThen(stage, writer, (session, turn) =>
      session.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + ((turn * 17) % rows)}`),
    );
    return { culprits: [] };
  },
});
