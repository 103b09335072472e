import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Nothing: pt-online-schema-change copies a table chunk by chunk beside the application, which goes on unhindered",
  server: { settings: { "log-bin-trust-function-creators": "ON" } },
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const next = `_${table}_new`;
    const copier = await oneMy(stage, "pt-online-schema-change");
    const columns =
      "id int AUTO_INCREMENT PRIMARY KEY, customer int NOT NULL, total int NOT NULL, note varchar(80) NOT NULL, KEY customer (customer)";
    await copier.query(`CREATE TABLE ${table} (${columns})`);
    for (const part of [1, 2, 3]) {
      await copier.query(
        `INSERT INTO ${table} (customer, total, note) SELECT n, n * ${part}, CONCAT('order ', n) FROM ${numbersTo(100_000)}`,
      );
    }
    await ordinaryWork(stage);
    await copier.query("SET SESSION innodb_lock_wait_timeout = 1");
    await copier.query("SET SESSION lock_wait_timeout = 60");
    await copier.query(`CREATE TABLE ${next} LIKE ${table}`);
    await copier.query(`ALTER TABLE ${next} ADD COLUMN currency char(3) NOT NULL DEFAULT 'EUR'`);
    const replace = `REPLACE INTO app.${next} (id, customer, total, note) VALUES (NEW.id, NEW.customer, NEW.total, NEW.note)`;
    await copier.query(
      `CREATE TRIGGER pt_osc_app_${table}_ins AFTER INSERT ON ${table} FOR EACH ROW ${replace}`,
    );
    await copier.query(
      `CREATE TRIGGER pt_osc_app_${table}_upd AFTER UPDATE ON ${table} FOR EACH ROW ${replace}`,
    );
    await copier.query(
      `CREATE TRIGGER pt_osc_app_${table}_del AFTER DELETE ON ${table} FOR EACH ROW DELETE IGNORE FROM app.${next} WHERE id = OLD.id`,
    );
    const requests = await stage.mySessions(3, stage.application());
    await keepRunning(stage, requests, 3, async (request, turn) => {
      const id = 1 + ((turn * 7919) % 300_000);
      await request.query(`SELECT total, note FROM ${table} WHERE id = ${id}`);
      if (turn % 4 === 0) await request.query(`UPDATE ${table} SET total = total + 1 WHERE id = ${id}`);
      if (turn % 9 === 0)
        await request.query(`INSERT INTO ${table} (customer, total, note) VALUES (${turn}, 1, 'new')`);
      await pause(30);
    });
    await keepRunning(stage, [copier], 60, async (session, turn) => {
      const from = 1 + (turn % 300) * 1000;
      await session.query(`INSERT LOW_PRIORITY IGNORE INTO app.${next} (id, customer, total, note)
        SELECT id, customer, total, note FROM app.${table} FORCE INDEX (\`PRIMARY\`)
        WHERE id >= ${from} AND id <= ${from + 999} LOCK IN SHARE MODE /*pt-online-schema-change copy nibble*/`);
      await pause(100);
    });
    return { culprits: [] };
  },
});
