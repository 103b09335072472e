import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Lines are counted in their order first and inserted then: short waits now and then, no deadlock",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const parent = stage.table();
    const child = stage.table();
    const clients = await stage.mySessions(6, stage.application());
    const [setup] = clients;
    await setup?.query(`CREATE TABLE ${parent} (id int PRIMARY KEY, line_count int NOT NULL)`);
    await setup?.query(
      `INSERT INTO ${parent} VALUES ${Array.from({ length: 40 }, (_, n) => `(${n + 1}, 0)`).join(", ")}`,
    );
    await setup?.query(
      `CREATE TABLE ${child} (id bigint AUTO_INCREMENT PRIMARY KEY, parent_id int NOT NULL, body varchar(80),
        FOREIGN KEY (parent_id) REFERENCES ${parent} (id))`,
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 600, async (client, turn) => {
      const id = 1 + ((turn * 7) % 40);
      await client.query("START TRANSACTION");
      await client.query(`UPDATE ${parent} SET line_count = line_count + 1 WHERE id = ?`, [id]);
      await client.query(`INSERT INTO ${child} (parent_id, body) VALUES (?, 'a line')`, [id]);
      await client.query("COMMIT");
      await pause(stage.number(10, 35));
    });
    return { culprits: [] };
  },
});
