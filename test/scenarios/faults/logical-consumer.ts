import { Client } from "pg";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { keepRunning } from "../support/keep-running.ts";

/** A consumer streams a logical slot and confirms nothing, or polls it and confirms what it was given. */
export const logicalConsumer = (title: string, confirms: boolean) =>
  defineScenario({
    engine: "postgres",
    title,
    tiers: ["immediate", "performance"],
    server: { settings: { wal_level: "logical" } },
    thresholds: { walRetainedMb: 400 },
    make: async (stage) => {
      const table = stage.table();
      const slot = `cdc_${stage.application()}`;
      const admin = await connected(stage, "");
      await admin.query(`SELECT pg_create_logical_replication_slot('${slot}', 'test_decoding')`);
      if (confirms) {
        await keepRunning(stage, [admin], 1, async (session) => {
          await session.query(`SELECT count(*) FROM pg_logical_slot_get_changes('${slot}', NULL, NULL)`);
          await session.query("SELECT pg_sleep(0.1)");
        });
      } else {
        const consumer = await connected(stage, "?replication=database");
        stage.leave(consumer.query(`START_REPLICATION SLOT "${slot}" LOGICAL 0/0`));
        await waitUntil(
          async () => (await admin.query("SELECT FROM pg_replication_slots WHERE active")).rowCount === 1,
          { what: "the consumer to stream" },
        );
      }
      const [writer] = await stage.pgSessions(1, stage.application());
      await writer?.query(`CREATE TABLE ${table} (id int, note text)`);
      const rows = confirms ? 500 : stage.number(40_000, 50_000);
      for (let turn = 0; turn < 10; turn += 1)
        await writer?.query(
          `INSERT INTO ${table} SELECT n, repeat('x', 100) FROM generate_series(1, ${rows}) n`,
        );
      const [spare] = await stage.pgSessions(1, stage.application());
      await spare?.query("SELECT pg_sleep(1)");
      return { culprits: [] };
    },
  });

async function connected(stage: Stage, query: string): Promise<Client> {
  const client = new Client({ connectionString: `${stage.postgres().adminUrl}${query}` });
  client.on("error", () => undefined);
  await client.connect();
  stage.cleanUp(() => client.end());
  return client;
}
