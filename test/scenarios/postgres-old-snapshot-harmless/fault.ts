import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: an old view of the data, but nobody changes anything, so there is nothing to remove",
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 1, killCandidateSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const [holder] = await stage.pgSessions(1, stage.application());
    const [writer, spare] = await stage.pgSessions(2, stage.application());
    if (holder === undefined) throw new Error("no session");
    await writer?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await writer?.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 600) n`);
    await holder.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await holder.query(`SELECT count(*) FROM ${table}`);
    await writer?.query(`UPDATE ${table} SET n = n + 1 WHERE id < 50`);
    // The age of the transaction is what looks like a fault.
    await spare?.query("SELECT pg_sleep(2.3)");
    return { culprits: [] };
  },
});
