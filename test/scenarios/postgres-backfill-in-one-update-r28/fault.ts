import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A backfill updates a whole table in one statement at noon, and customers who change their row wait for it",
  tiers: ["immediate", "performance", "health"],
  majors: [14],
  make: async (stage) => {
    await ordinaryWork(stage);
    const table = stage.table();
    const customers = await stage.pgSessions(stage.number(7, 10), stage.application());
    const owner = await onePg(stage, "deploy");
    const backfill = await onePg(stage, "backfill");
    await owner.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, balance int NOT NULL, tier text, checksum text)`,
    );
    await owner.query(`INSERT INTO ${table} SELECT g, g % 500, NULL, NULL FROM generate_series(1, 60000) g`);
    // What the application keeps up to date on every change makes one row of the backfill cost milliseconds.
    await owner.query(
      `CREATE FUNCTION ${table}_checksum() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        SELECT md5(string_agg(md5(g::text), '')) INTO NEW.checksum FROM generate_series(1, 1500) g;
        RETURN NEW;
      END $$`,
    );
    await owner.query(
      `CREATE TRIGGER checksum BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_checksum()`,
    );
    await owner.query(`ANALYZE ${table}`);
    const culprit = await pidOf(backfill);
    stage.leave(
      backfill.query(`UPDATE ${table} SET tier = CASE WHEN balance > 250 THEN 'gold' ELSE 'basic' END`),
    );
    const watcher = await onePg(stage, "watcher");
    await watcher.query("SELECT pg_sleep(2)");
    customers.forEach((customer, index) => {
      stage.leave(customer.query(`UPDATE ${table} SET balance = balance - 5 WHERE id = $1`, [index + 1]));
    });
    await pgWaiting(stage, customers.length, 12);
    return { culprits: [culprit] };
  },
});
