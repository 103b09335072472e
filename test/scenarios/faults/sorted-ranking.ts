import type { Scenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

/** A ranking of a hundred thousand rows, over and over; whether it spills depends on `workMem` alone. */
export const sortedRanking = (title: string, workMem: string): Scenario => ({
  engine: "postgres",
  title,
  tiers: ["immediate", "performance"],
  server: { settings: { work_mem: workMem } },
  make: async (stage) => {
    const table = stage.table();
    const clients = await stage.pgSessions(3, stage.application());
    const rows = stage.number(90_000, 130_000);
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, note text)`);
    await setup?.query(
      `INSERT INTO ${table} SELECT n, md5(n::text) || md5((n + 1)::text) FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    await keepRunning(stage, clients, 6, (client) =>
      client.query(
        `SELECT max(place) FROM (SELECT row_number() OVER (ORDER BY note) AS place FROM ${table}) ranked`,
      ),
    );
    return { culprits: [] };
  },
});
