import { Client } from "pg";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A capture restarts: its slot is free for a moment and holds no more WAL than the server keeps anyway",
  tiers: ["immediate", "performance"],
  server: { settings: { wal_level: "logical", max_wal_size: "1GB" } },
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
