import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Look-alike: one long transaction writes; the last commit that the replica has replayed is old, and the replica up to date",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 2, longRunningSeconds: 600 },
  make: async (stage) => {
    const writer = await onePg(stage, stage.application());
    await writer.query(`CREATE TABLE ${stage.table()}_early (id int)`);
    const table = stage.table();
    await writer.query(`CREATE TABLE ${table} (id int, note text)`);
    await writer.query("SELECT pg_sleep(4)");
    stage.leave(
      writer.query(
        `DO $$ BEGIN FOR n IN 1..3000 LOOP INSERT INTO ${table} SELECT g, repeat('x', 100) FROM generate_series(1, 50) g; PERFORM pg_sleep(0.01); END LOOP; END $$`,
      ),
    );
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(2)");
    await watcher.end();
    return { culprits: [] };
  },
});
