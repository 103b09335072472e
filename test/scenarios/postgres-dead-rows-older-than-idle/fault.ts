import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Look-alike: rows died before a transaction began and idled; the next vacuum removes them all with it still open",
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 1, killCandidateSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const [writer, spare] = await stage.pgSessions(2, stage.application());
    await writer?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await writer?.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 600) n`);
    await writer?.query(`VACUUM ${table}`);
    const turns = stage.number(35, 60);
    for (let turn = 0; turn < turns; turn += 1) await writer?.query(`UPDATE ${table} SET n = n + 1`);
    const [innocent] = await stage.pgSessions(1, stage.application());
    await innocent?.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await innocent?.query(`SELECT count(*) FROM ${table}`);
    // Idle for longer than any threshold, and nobody is harmed by it.
    await spare?.query("SELECT pg_sleep(4)");
    return { culprits: [] };
  },
});
