import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Each lookup without the key of its partitions is planned anew over 1,200 of them, and takes its CPU before it begins",
  server: { settings: { max_locks_per_transaction: "2048" } },
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "schema-tool");
    await setup.query(
      "CREATE TABLE readings (taken_on int NOT NULL, device int NOT NULL, value int) PARTITION BY RANGE (taken_on)",
    );
    await setup.query(
      "DO $$ BEGIN FOR n IN 0..1199 LOOP EXECUTE format('CREATE TABLE readings_%s PARTITION OF readings FOR VALUES FROM (%s) TO (%s)', n, n * 10, n * 10 + 10); END LOOP; END $$",
    );
    await setup.query(
      "INSERT INTO readings SELECT n % 12000, n % 300, n FROM generate_series(1, 60000) AS n",
    );
    await setup.query("CREATE INDEX ON readings (device)");
    await setup.query("ANALYZE readings");
    const devices = await stage.pgSessions(3, "device-api");
    await keepRunning(stage, devices, 60, (session, turn) =>
      session.query(`SELECT sum(value) FROM readings WHERE device = ${turn % 300}`),
    );
    return { culprits: [] };
  },
});
