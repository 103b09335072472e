import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "What is yet to be sent is found by NOT IN; the list has outgrown work_mem and is walked once per row",
  tiers: ["immediate", "performance"],
  majors: [16],
  server: { settings: { work_mem: "1MB" } },
  make: async (stage) => {
    const [events, sent, countries] = [stage.table(), stage.table(), stage.table()];
    const senders = await stage.pgSessions(stage.number(2, 3), stage.application());
    const pages = await stage.pgSessions(2, stage.application());
    const known = stage.number(90_000, 110_000);
    const [setup] = senders;
    await setup?.query(`CREATE TABLE ${events} (id int PRIMARY KEY, kind text NOT NULL, body text)`);
    await setup?.query(
      `INSERT INTO ${events} SELECT n, 'order', repeat('b', 40) FROM generate_series(1, ${known + 300}) n`,
    );
    await setup?.query(`CREATE TABLE ${sent} (event_id int PRIMARY KEY, sent_at timestamptz NOT NULL)`);
    await setup?.query(`INSERT INTO ${sent} SELECT n, now() FROM generate_series(1, ${known}) n`);
    // Read whole by every page, and rightly: it has 200 rows.
    await setup?.query(`CREATE TABLE ${countries} (code int, name text, zone int)`);
    await setup?.query(`INSERT INTO ${countries} SELECT n, 'c' || n, n % 6 FROM generate_series(1, 200) n`);
    await setup?.query(`ANALYZE ${events}, ${sent}, ${countries}`);
    await keepRunning(stage, pages, 100, async (client, turn) => {
      await client.query(`SELECT code, name FROM ${countries} WHERE zone = $1`, [turn % 6]);
      await new Promise((resolve) => setTimeout(resolve, 15));
    });
    await ordinaryWork(stage, 2);
    await keepRunning(stage, senders, 12, (client) =>
      client.query(
        `SELECT id, body FROM ${events} WHERE id > $1 AND id NOT IN (SELECT event_id FROM ${sent}) ORDER BY id LIMIT 50`,
        [known - 150],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(95)],
});
