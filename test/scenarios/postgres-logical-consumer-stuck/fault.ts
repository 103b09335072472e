import { Client } from "pg";
import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A change-data consumer is connected and reads no more: its slot is active and holds the WAL of hours",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  server: { settings: { wal_level: "logical", max_wal_size: "128MB", wal_sender_timeout: "0" } },
  make: async (stage) => {
    const admin = await openSession(stage.postgres());
    stage.cleanUp(() => admin.end());
    const writer = await onePg(stage, stage.application());
    const slot = `cdc_${stage.application()}`;
    const consumer = new Client({
      connectionString: `${stage.server.adminUrl}?replication=database`,
      application_name: "cdc-sink",
    });
    consumer.on("error", () => undefined);
    await consumer.connect();
    stage.cleanUp(() => consumer.end());
    await consumer.query(`CREATE_REPLICATION_SLOT ${slot} LOGICAL test_decoding`);
    stage.leave(consumer.query(`START_REPLICATION SLOT ${slot} LOGICAL 0/0`));
    const table = stage.table();
    await writer.query(`CREATE TABLE ${table} (id serial, body text)`);
    // Uncompressed, so that the log takes it as it is.
    await writer.query(`ALTER TABLE ${table} ALTER body SET STORAGE EXTERNAL`);
    await waitUntil(
      async () => (await admin.query("SELECT 1 FROM pg_replication_slots WHERE active")).rowCount === 1,
      { what: "the consumer to stream" },
    );
    consumer.connection.stream.pause();
    for (let round = 0; round < stage.number(120, 140); round += 1)
      await writer.query(
        `INSERT INTO ${table} (body) SELECT repeat(md5(n::text), 300) FROM generate_series(1, 1000) n`,
      );
    // The writer goes on, so that two readings tell a consumer that stands still from one that is behind.
    await keepRunning(stage, [writer], 80, async (session) => {
      await session.query(
        `INSERT INTO ${table} (body) SELECT repeat(md5(n::text), 300) FROM generate_series(1, 20) n`,
      );
      await session.query("SELECT pg_sleep(0.03)");
    });
    return { culprits: [] };
  },
});
