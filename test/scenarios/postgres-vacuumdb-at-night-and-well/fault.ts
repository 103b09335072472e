import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "vacuumdb --analyze -j 2 goes through the tables at night, slowly and for long, beside readers and writers whom it keeps from nothing",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6 },
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "setup");
    if (owner === undefined) throw new Error("no session");
    const rows = stage.number(120_000, 140_000);
    const tables = ["sensor_days", "sensor_alerts"];
    for (const table of tables) {
      await owner.query(`CREATE TABLE ${table} (id int PRIMARY KEY, place varchar(40) NOT NULL, reading int NOT NULL);
        INSERT INTO ${table} SELECT n, md5(n::text), n % 90 FROM generate_series(1, ${rows}) n`);
      await owner.query(`VACUUM (ANALYZE) ${table}`);
      await owner.query(`UPDATE ${table} SET reading = reading + 1 WHERE id % 12 = 0`);
    }
    await ordinaryWork(stage, 3);
    const clients = await stage.pgSessions(4, "sensor-api");
    await keepRunning(stage, clients, 30, async (client, turn) => {
      const table = tables[turn % 2] ?? "sensor_days";
      await client.query(`SELECT place, reading FROM ${table} WHERE id = $1`, [1 + (turn % 5000)]);
      if (turn % 6 === 0)
        await client.query(`UPDATE ${table} SET reading = $2 WHERE id = $1`, [1 + (turn % 5000), turn % 90]);
      await pause(30);
    });
    for (const table of tables) {
      const session = await openSession(stage.postgres(), { user: "shop", applicationName: "vacuumdb" });
      stage.cleanUp(async () => session.end());
      // As RDS does it by default: gently.
      await session.query("SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 15");
      stage.leave(session.query(`VACUUM (ANALYZE, SKIP_LOCKED) ${table}`));
    }
    await pause(11_000);
    return { culprits: [] };
  },
});
