import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A forgotten SELECT FOR UPDATE on a parent row stops all inserts that refer to it",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const [parent, child] = [stage.table(), stage.table()];
    const holder = await onePg(stage, stage.application());
    await holder.query(`CREATE TABLE ${parent} (id int PRIMARY KEY, name text)`);
    await holder.query(`INSERT INTO ${parent} SELECT n, 'name ' || n FROM generate_series(1, 20) n`);
    await holder.query(
      `CREATE TABLE ${child} (id int PRIMARY KEY, parent_id int NOT NULL REFERENCES ${parent})`,
    );
    await holder.query(`CREATE INDEX ON ${child} (parent_id)`);
    const pid = await pidOf(holder);
    const waiters = await stage.pgSessions(stage.number(3, 12), stage.application());
    await holder.query("BEGIN");
    await holder.query(`SELECT name FROM ${parent} WHERE id = 7 FOR UPDATE`);
    for (const [index, waiter] of waiters.entries()) {
      stage.leave(waiter.query(`INSERT INTO ${child} VALUES (${index}, 7)`));
    }
    await pgWaiting(stage, waiters.length, 2);
    return { culprits: [pid] };
  },
});
