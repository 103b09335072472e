import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://errornotes.dev/en/errors/mysql/mysql-replication-error-how-to-fix-duplicate-entry-slavesqlrunning-no
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Somebody has written a row on the replica; the source writes one with the same key, and the applier stops with 1062",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const table = stage.table();
    const [node] = stage.mysql().replicas;
    const replica = await createConnection({ uri: node?.adminUrl ?? "" });
    stage.cleanUp(async () => replica.destroy());
    const setup = await oneMy(stage, stage.application());
    await makeTable(setup, table);
    await ordinaryWork(stage);
    await untilCaughtUp(stage, replica);
    await replica.query("SET GLOBAL read_only = OFF");
    await replica.query(`INSERT INTO app.${table} VALUES (9001, 'by hand', 1)`);
    await replica.query("SET GLOBAL read_only = ON");
    await setup.query(`INSERT INTO ${table} VALUES (9001, 'new', 0)`);
    await waitUntil(
      async () => {
        const [[status]] = await replica.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return status?.["Replica_SQL_Running"] === "No" && status["Replica_IO_Running"] === "Yes";
      },
      { what: "the applier stops", timeoutMs: 20_000, everyMs: 200 },
    );
    await setup.query("SELECT SLEEP(5)");
    return { culprits: [] };
  },
});
