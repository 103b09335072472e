import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "An idle transaction keeps an old view of the data; vacuum cannot remove what dies in a hot table",
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 1, killCandidateSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const [holder] = await stage.pgSessions(1, stage.application());
    const [writer, spare] = await stage.pgSessions(2, stage.application());
    if (holder === undefined) throw new Error("no session");
    await writer?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await writer?.query(`INSERT INTO ${table} SELECT n, 0 FROM generate_series(1, 600) n`);
    const pid = Number((await holder.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
    await holder.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await holder.query(`SELECT count(*) FROM ${table}`);
    // Vacuum comes well after the view of the data: what it leaves then is left for its sake.
    await spare?.query("SELECT pg_sleep(5)");
    const turns = stage.number(35, 60);
    for (let turn = 0; turn < turns; turn += 1) await writer?.query(`UPDATE ${table} SET n = n + 1`);
    await writer?.query(`VACUUM ${table}`);
    // The age of the transaction is the fault, and counters are published within a second.
    await spare?.query("SELECT pg_sleep(2.3)");
    return { culprits: [pid] };
  },
});
