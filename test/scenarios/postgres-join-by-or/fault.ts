import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Two tables are joined by either of two columns, so that every row meets every other",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [left, right] = [stage.table(), stage.table()];
    const clients = await stage.pgSessions(6, stage.application());
    const rows = stage.number(2000, 2500);
    const [setup] = clients;
    for (const table of [left, right]) {
      await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, mail int, phone int)`);
      await setup?.query(
        `INSERT INTO ${table} SELECT n, (n * 7919) % 100003, (n * 104729) % 100019 FROM generate_series(1, ${rows}) n`,
      );
      await setup?.query(`CREATE INDEX ON ${table} (mail)`);
      await setup?.query(`ANALYZE ${table}`);
    }
    await keepRunning(stage, clients, 6, (client) =>
      client.query(
        `SELECT count(*) FROM ${left} l JOIN ${right} r ON abs(l.mail - r.mail) < 2 OR l.phone = r.phone`,
      ),
    );
    return { culprits: [] };
  },
});
