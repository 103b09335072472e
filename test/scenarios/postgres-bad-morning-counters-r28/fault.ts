import { pgWaiting } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Healthy: deadlocks, rollbacks, spills and a slow import stand in the counters since the morning; all is quiet now",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  make: async (stage) => {
    const table = stage.table();
    const [one, two] = await stage.pgSessions(2, stage.application());
    if (one === undefined || two === undefined) throw new Error("no sessions");
    await one.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int NOT NULL, note text)`);
    await one.query(
      `INSERT INTO ${table} SELECT g, 0, repeat(md5(g::text), 3) FROM generate_series(1, 150000) g`,
    );
    // The morning: an import that compared everything in too little memory, two deadlocks, 150 failed inserts.
    await one.query("SET work_mem = '256kB'");
    for (let round = 0; round < 3; round += 1) {
      await one.query(
        `SELECT count(*) FROM (SELECT note, id FROM ${table} ORDER BY note DESC OFFSET 0) AS sorted`,
      );
    }
    await one.query("RESET work_mem");
    for (let round = 0; round < 2; round += 1) {
      await one.query("BEGIN");
      await two.query("BEGIN");
      await one.query(`UPDATE ${table} SET n = n + 1 WHERE id = 1`);
      await two.query(`UPDATE ${table} SET n = n + 1 WHERE id = 2`);
      const first = one.query(`UPDATE ${table} SET n = n + 1 WHERE id = 2`);
      stage.leave(first);
      await pgWaiting(stage, 1, 0);
      await two.query(`UPDATE ${table} SET n = n + 1 WHERE id = 1`).catch(() => undefined);
      await first.catch(() => undefined);
      await one.query("ROLLBACK");
      await two.query("ROLLBACK");
    }
    for (let turn = 1; turn <= 150; turn += 1) {
      await one.query(`INSERT INTO ${table} VALUES ($1, 0, '')`, [turn]).catch(() => undefined);
    }
    await one.query(`VACUUM (ANALYZE) ${table}`);
    await one.end();
    await two.end();
    await ordinaryWork(stage, 4);
    await pause(8000);
    return { culprits: [] };
  },
});
