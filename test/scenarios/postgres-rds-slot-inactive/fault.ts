import { Client } from "pg";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { context, reading, trend } from "../support/rds.ts";

const gib = 1024 ** 3;

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A replica abroad stands still, and the slot that RDS made for it keeps WAL: the replica is to be found, the slot kept",
  tiers: ["immediate", "performance"],
  thresholds: { walRetainedMb: 4 },
  make: async (stage) => {
    const admin = new Client({ connectionString: stage.server.adminUrl });
    await admin.connect();
    stage.cleanUp(() => admin.end());
    await admin.query("SELECT pg_create_physical_replication_slot('rds_us_west_2_db_abcdefghijkl', true)");
    const table = stage.table();
    const writer = await onePg(stage, stage.application());
    await writer.query(`CREATE TABLE ${table} (id int, note text)`);
    const rows = stage.number(40_000, 80_000);
    await writer.query(`INSERT INTO ${table} SELECT n, repeat('x', 200) FROM generate_series(1, ${rows}) n`);
    return { culprits: [] };
  },
  context: () => {
    const free = trend("FreeStorageSpace", 0.03 * gib, 0.0299 * gib);
    return context({ readings: [reading(free, "bytes", { day: 0.04 * gib, capacity: 0.2 * gib })] });
  },
});
