import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Look-ups by reference use the index of tenant and soft delete, which leaves a large tenant's rows all but whole",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [table, notes] = [stage.table(), stage.table()];
    const clients = await stage.pgSessions(stage.number(3, 5), stage.application());
    const [editor] = await stage.pgSessions(1, stage.application());
    const rows = stage.number(60_000, 80_000);
    const [setup] = clients;
    await setup?.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, tenant_id int NOT NULL, deleted_at timestamptz NULL, external_ref varchar(40) NOT NULL, note varchar(100))`,
    );
    await setup?.query(`CREATE INDEX live ON ${table} (tenant_id, deleted_at)`);
    // One tenant of twenty owns a third of the rows.
    await setup?.query(
      `INSERT INTO ${table} SELECT n, CASE WHEN n % 3 = 0 THEN 1 ELSE 2 + n % 19 END, CASE WHEN n % 30 = 0 THEN NOW() END, CONCAT('ref-', n), REPEAT('z', 80) FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query(`ANALYZE ${table}`);
    // Harmless: an edited note that nobody ELSE wants.
    await editor?.query(`CREATE TABLE ${notes} (id int PRIMARY KEY, note varchar(20))`);
    await editor?.query(`INSERT INTO ${notes} VALUES (1, 'a'), (2, 'b'), (3, 'c')`);
    await editor?.query("BEGIN");
    await editor?.query(`UPDATE ${notes} SET note = 'edited' WHERE id = 2`);
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 120, (client, turn) =>
      client.query(
        `SELECT id, note FROM ${table} WHERE tenant_id = $1 AND deleted_at IS NULL AND external_ref = $2`,
        [1, `ref-${3 * (1 + (turn % 20_000))}`],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(92)],
});
