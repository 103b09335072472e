import { Client } from "pg";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Somebody paused the replay of a standby and forgot to resume it; the primary writes on",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 1 },
  make: async (stage) => {
    const table = stage.table();
    const writer = await onePg(stage, stage.application());
    await writer.query(`CREATE TABLE ${table} (id int, note text)`);
    await writer.query(`INSERT INTO ${table} SELECT n, 'first' FROM generate_series(1, 10) n`);
    const standby = new Client({ connectionString: stage.server.replicas[0]?.adminUrl ?? "" });
    await standby.connect();
    stage.cleanUp(() => standby.end());
    await waitUntil(
      async () => (await standby.query("SELECT to_regclass($1) AS found", [table])).rows[0].found !== null,
      { what: "the table to arrive" },
    );
    await standby.query("SELECT pg_wal_replay_pause()");
    const rows = stage.number(2000, 20_000);
    await writer.query(`INSERT INTO ${table} SELECT n, repeat('x', 100) FROM generate_series(1, ${rows}) n`);
    await writer.query("SELECT pg_sleep(1.5)");
    return { culprits: [] };
  },
});
