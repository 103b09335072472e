import { Client } from "pg";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A capture was switched off and its logical slot left: it holds more WAL than max_wal_size, far from any danger yet",
  tiers: ["immediate", "performance"],
  server: { settings: { wal_level: "logical", max_wal_size: "32MB" } },
  make: async (stage) => {
    const admin = new Client({ connectionString: stage.server.adminUrl });
    await admin.connect();
    stage.cleanUp(() => admin.end());
    await admin.query(`SELECT pg_create_logical_replication_slot('feed_${stage.application()}', 'pgoutput')`);
    const writer = await onePg(stage, stage.application());
    const table = stage.table();
    await writer.query(`CREATE TABLE ${table} (id int, note text)`);
    const rows = stage.number(300_000, 340_000);
    await writer.query(`INSERT INTO ${table} SELECT n, repeat('x', 200) FROM generate_series(1, ${rows}) n`);
    await admin.query("CHECKPOINT");
    return { culprits: [] };
  },
});
