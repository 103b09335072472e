import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An analyst's repeatable read keeps every finished job of a queue: its workers wade through dead rows",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 10, idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const jobs = stage.table();
    const facts = stage.table();
    const analyst = await onePg(stage, "DBeaver 24.1");
    const workers = await stage.pgSessions(stage.number(3, 5), stage.application());
    const [setup] = workers;
    await setup?.query(
      `CREATE TABLE ${jobs} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL, payload text)`,
    );
    await setup?.query(`CREATE TABLE ${facts} (id int PRIMARY KEY, amount int)`);
    await setup?.query(`INSERT INTO ${facts} SELECT n, n % 90 FROM generate_series(1, 4000) n`);
    await ordinaryWork(stage);
    const culprit = await pidOf(analyst);
    await analyst.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await analyst.query(`SELECT sum(amount) FROM ${facts}`);
    stage.leave(
      analyst.query(
        `SELECT count(*) FROM ${facts} a, ${facts} b, ${facts} c WHERE a.amount + b.amount + c.id < 0`,
      ),
    );
    // The lab's seconds stand for an analyst's hours: by the first vacuum the transaction is old.
    await pause(9000);
    const add = (count: number) =>
      setup?.query(
        `INSERT INTO ${jobs} (state, payload) SELECT 'ready', repeat('p', 120) FROM generate_series(1, ${count})`,
      );
    const done = stage.number(70_000, 110_000);
    await add(done);
    await setup?.query(`DELETE FROM ${jobs}`);
    await add(20_000);
    // As autovacuum does in the meantime: it finds the dead rows and may not remove them.
    await setup?.query(`VACUUM ANALYZE ${jobs}`);
    await pause(2000);
    await setup?.query(`VACUUM ANALYZE ${jobs}`);
    await keepRunning(stage, workers, 300, (client) =>
      client.query(
        `DELETE FROM ${jobs} WHERE id = (SELECT id FROM ${jobs} WHERE state = 'ready' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING payload`,
      ),
    );
    return { culprits: [culprit] };
  },
  metrics: () => [busyCpu(86)],
});
