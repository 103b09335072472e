import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Each insert is slow since its trigger counts the customer's rows, for which there is no index",
  tiers: ["immediate", "performance"],
  majors: [14, 16, 18],
  make: async (stage) => {
    const [table, other] = [stage.table(), stage.table()];
    const clients = await stage.pgSessions(stage.number(3, 5), stage.application());
    const [web] = await stage.pgSessions(1, stage.application());
    const setup = await onePg(stage, "release");
    const rows = stage.number(140, 200) * 1000;
    await setup.query(
      `CREATE TABLE ${table} (id bigserial PRIMARY KEY, customer int NOT NULL, total numeric, nth int)`,
    );
    await setup.query(
      `INSERT INTO ${table} (customer, total) SELECT n % 9000, n FROM generate_series(1, ${rows}) n`,
    );
    await setup.query(`CREATE TABLE ${other} (id int PRIMARY KEY, name text)`);
    await setup.query(`INSERT INTO ${other} SELECT n, 'name ' || n FROM generate_series(1, 3000) n`);
    await setup.query(`CREATE FUNCTION count_of_customer() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        SELECT count(*) + 1 INTO NEW.nth FROM ${table} WHERE customer = NEW.customer;
        RETURN NEW;
      END $$`);
    await setup.query(`CREATE TRIGGER nth_order BEFORE INSERT ON ${table}
      FOR EACH ROW EXECUTE FUNCTION count_of_customer()`);
    // What a session has written is counted when it ends; an ANALYZE before that would not be.
    await setup.end();
    if (web === undefined) throw new Error("no session");
    await web.query("SELECT pg_sleep(0.5)");
    await web.query(`ANALYZE ${table}, ${other}`);
    await keepRunning(stage, [web], 50, async (client, turn) => {
      await client.query(`SELECT name FROM ${other} WHERE id = ${1 + (turn % 3000)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    await keepRunning(stage, clients, 150, (client, turn) =>
      client.query(`INSERT INTO ${table} (customer, total) VALUES (${turn % 9000}, ${turn})`),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
