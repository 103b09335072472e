import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An online schema change copies in chunks and follows by triggers while the shop writes: all is well",
  tiers: ["immediate", "performance"],
  server: {
    settings: { "log-bin-trust-function-creators": "1", "loose-innodb-redo-log-capacity": "536870912" },
  },
  make: async (stage) => {
    const table = stage.table();
    const shadow = `_${table}_new`;
    const clients = await stage.mySessions(stage.number(2, 3), stage.application());
    const [tool] = await stage.mySessions(1, "pt-online-schema-change");
    if (tool === undefined) throw new Error("no session");
    await tool.query(
      `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, customer int, total int, KEY (customer))`,
    );
    await tool.query(`INSERT INTO ${table} (customer, total) SELECT n % 4000, n FROM ${numbersTo(100_000)}`);
    await tool.query(`CREATE TABLE ${shadow} LIKE ${table}`);
    await tool.query(`ALTER TABLE ${shadow} ADD COLUMN channel varchar(20), MODIFY total bigint`);
    const copied = `(id, customer, total) VALUES (NEW.id, NEW.customer, NEW.total)`;
    for (const what of ["INSERT", "UPDATE"]) {
      await tool.query(`CREATE TRIGGER pt_osc_${table}_${what.toLowerCase()} AFTER ${what} ON ${table}
        FOR EACH ROW REPLACE INTO ${shadow} ${copied}`);
    }
    await tool.query(`CREATE TRIGGER pt_osc_${table}_delete AFTER DELETE ON ${table}
      FOR EACH ROW DELETE IGNORE FROM ${shadow} WHERE id = OLD.id`);
    await keepRunning(stage, [tool], 6, async (client, turn) => {
      const from = (turn * 500) % 99_500;
      await client.query(`INSERT LOW_PRIORITY IGNORE INTO ${shadow} (id, customer, total)
        SELECT id, customer, total FROM ${table} FORCE INDEX (PRIMARY)
        WHERE id >= ${from} AND id <= ${from + 499} FOR SHARE /*pt-online-schema-change copy nibble*/`);
      await client.query("SHOW WARNINGS");
      await client.query("SHOW GLOBAL STATUS LIKE 'Threads_running'");
      await new Promise((resolve) => setTimeout(resolve, 120));
    });
    await keepRunning(stage, clients, 120, async (client, turn) => {
      const id = 1 + ((turn * 7919) % 100_000);
      await client.query(`SELECT total FROM ${table} WHERE id = ${id}`);
      await client.query(`UPDATE ${table} SET total = total + 1 WHERE id = ${id}`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    });
    return { culprits: [] };
  },
});
