import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A migration dropped the index by which every insert asks whether the message is already there",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(stage.number(4, 6), stage.application());
    const rows = stage.number(90_000, 140_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, external_ref text NOT NULL, amount int, note text)`,
    );
    await setup?.query(`CREATE INDEX ${table}_ref_v1 ON ${table} (external_ref)`);
    await setup?.query(
      `INSERT INTO ${table} (external_ref, amount, note)
       SELECT md5(n::text), n % 900, repeat('y', 70) FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    await ordinaryWork(stage, 3);
    // The release that should have replaced it.
    await setup?.query(`DROP INDEX ${table}_ref_v1`);
    await keepRunning(stage, clients, 120, (client, turn) =>
      client.query(
        `INSERT INTO ${table} (external_ref, amount, note)
         SELECT $1::text, $2::int, 'queued' WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE external_ref = $1::text)`,
        [`msg-${stage.seed}-${turn}`, turn % 700],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(91)],
});
