import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Bookings run SERIALIZABLE on the same few rows: most of them end with 40001 and are tried again",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(stage.number(6, 8), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (seat int PRIMARY KEY, room int, taken int)`);
    await setup?.query(`INSERT INTO ${table} SELECT n, n % 2, 0 FROM generate_series(1, 40) n`);
    await keepRunning(stage, clients, 120, async (client, turn) => {
      try {
        await client.query("BEGIN ISOLATION LEVEL SERIALIZABLE");
        await client.query(`SELECT sum(taken) FROM ${table}`);
        await client.query(`UPDATE ${table} SET taken = taken + 1 WHERE seat = ${1 + (turn % 40)}`);
        await client.query("COMMIT");
      } catch {
        await client.query("ROLLBACK");
      }
    });
    return { culprits: [] };
  },
});
