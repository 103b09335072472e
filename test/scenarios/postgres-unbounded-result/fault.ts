import { setTimeout as pause } from "node:timers/promises";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A page of an application fetches all rows of a state and shows the first twenty",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(3, stage.application());
    const rows = stage.number(9000, 13_000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, state text, note text)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, CASE WHEN n % 4 = 0 THEN 'open' ELSE 'closed' END, repeat('y', 80)
       FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 16, async (client) => {
      await client.query(`SELECT id, state, note FROM ${table} WHERE state = $1`, ["closed"]);
      // The clients share this process with the responder, which must get a turn.
      await pause(15);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(88)],
});
