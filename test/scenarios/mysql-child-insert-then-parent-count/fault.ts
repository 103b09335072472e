import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A new release inserts a line and then counts it in its order: a shared lock that two want to raise",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const parent = stage.table();
    const child = stage.table();
    const clients = await stage.mySessions(stage.number(8, 12), stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${parent} (id int PRIMARY KEY, line_count int NOT NULL)`);
    await setup?.query(`INSERT INTO ${parent} VALUES (1, 0), (2, 0), (3, 0)`);
    await setup?.query(
      `CREATE TABLE ${child} (id bigint AUTO_INCREMENT PRIMARY KEY, parent_id int NOT NULL, body varchar(80),
        FOREIGN KEY (parent_id) REFERENCES ${parent} (id))`,
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 300, async (client, turn) => {
      const id = 1 + (turn % 2);
      try {
        await client.query("START TRANSACTION");
        await client.query(`INSERT INTO ${child} (parent_id, body) VALUES (?, 'a line')`, [id]);
        await client.query(`UPDATE ${parent} SET line_count = line_count + 1 WHERE id = ?`, [id]);
        await client.query("COMMIT");
      } catch {
        // Told 1213, and tries again, as its framework does.
        await client.query("ROLLBACK");
      }
    });
    return { culprits: [] };
  },
});
