import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Every insert asks an index whether the message is already there, and settings of few rows are read whole",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const settings = stage.table();
    const clients = await stage.pgSessions(4, stage.application());
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, external_ref text NOT NULL UNIQUE, amount int)`,
    );
    await setup?.query(
      `INSERT INTO ${table} (external_ref, amount) SELECT md5(n::text), n % 900 FROM generate_series(1, ${stage.number(90_000, 120_000)}) n`,
    );
    await setup?.query(`CREATE TABLE ${settings} (tenant int, name text, value text)`);
    await setup?.query(
      `INSERT INTO ${settings} SELECT n % 30, 'name ' || n, 'v' FROM generate_series(1, 150) n`,
    );
    await setup?.query(`VACUUM ANALYZE ${table}`);
    await setup?.query(`VACUUM ANALYZE ${settings}`);
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 400, async (client, turn) => {
      await client.query(`SELECT name, value FROM ${settings} WHERE tenant = $1`, [turn % 30]);
      await client.query(
        `INSERT INTO ${table} (external_ref, amount)
         SELECT $1::text, $2::int WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE external_ref = $1::text)`,
        [`msg-${turn}`, turn % 700],
      );
      await pause(6);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(38)],
});
