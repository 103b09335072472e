import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A search box asks for LIKE '%word%': the whole table is read each time, and no ordinary index would help",
  tiers: ["immediate", "performance", "health"],
  majors: [14],
  make: async (stage) => {
    const table = stage.table();
    const owner = await onePg(stage, stage.application());
    const clients = await stage.pgSessions(4, stage.application());
    await owner.query(`CREATE TABLE ${table} (id int PRIMARY KEY, title text NOT NULL, price int)`);
    await owner.query(
      `INSERT INTO ${table} SELECT n, md5(n::text) || ' ' || md5((n * 7)::text), n FROM generate_series(1, 250000) n`,
    );
    await owner.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 30, (client, turn) =>
      client.query(
        `SELECT id, price FROM ${table} WHERE title LIKE '%${(turn * 7919).toString(16).padStart(5, "a")}%'`,
      ),
    );
    return { culprits: [] };
  },
});
