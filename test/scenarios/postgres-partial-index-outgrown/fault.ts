import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Since a release the page asks for two states; the partial index holds only one of them, and every row is read",
  tiers: ["immediate", "performance"],
  majors: [14],
  make: async (stage) => {
    const table = stage.table();
    const notes = stage.table();
    const clients = await stage.pgSessions(stage.number(3, 5), stage.application());
    const [editor] = await stage.pgSessions(1, stage.application());
    const rows = stage.number(110_000, 150_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, account_id int NOT NULL, state text NOT NULL, subject text)`,
    );
    await setup?.query(
      `INSERT INTO ${table} SELECT n, n * 7919 % 4000, (ARRAY['closed','closed','closed','open','waiting'])[1 + n % 5], repeat('s', 70) FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`CREATE INDEX ${table}_open ON ${table} (account_id) WHERE state = 'open'`);
    await setup?.query(`ANALYZE ${table}`);
    for (let turn = 1; turn < 40; turn += 1)
      await setup?.query(`SELECT id, subject FROM ${table} WHERE account_id = $1 AND state = 'open'`, [turn]);
    // Harmless: somebody edits a note and has waited half a minute with it.
    await editor?.query(`CREATE TABLE ${notes} (id int PRIMARY KEY, note text)`);
    await editor?.query(`INSERT INTO ${notes} SELECT n, 'note' FROM generate_series(1, 50) n`);
    await editor?.query("BEGIN");
    await editor?.query(`UPDATE ${notes} SET note = 'edited' WHERE id = 7`);
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 160, (client, turn) =>
      client.query(
        `SELECT id, subject, state FROM ${table} WHERE account_id = $1 AND state IN ('open', 'waiting') ORDER BY id`,
        [1 + (turn % 4000)],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(91)],
});
