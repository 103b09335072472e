import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An online schema change wants to create its triggers, waits behind a report, and everybody queues behind it",
  server: { settings: { "log-bin-trust-function-creators": "ON" } },
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      "CREATE TABLE parcels (id int PRIMARY KEY, state varchar(20) NOT NULL, weight int NOT NULL)",
    );
    await setup.query(`INSERT INTO parcels SELECT n, 'new', n % 333 FROM ${numbersTo(25_000)}`);
    await setup.query("CREATE TABLE _parcels_new LIKE parcels");
    await ordinaryWork(stage);
    const report = await oneMy(stage, "metabase");
    stage.leave(
      report.query(
        "SELECT COUNT(*) FROM parcels a JOIN parcels b ON CRC32(CONCAT(a.weight, b.weight)) % 97 = 5",
      ),
    );
    await setup.query("SELECT SLEEP(2)");
    const change = await oneMy(stage, "pt-online-schema-change");
    await change.query("SET SESSION lock_wait_timeout = 60");
    stage.leave(
      change.query(
        `CREATE TRIGGER pt_osc_app_parcels_upd AFTER UPDATE ON parcels FOR EACH ROW
          REPLACE INTO _parcels_new (id, state, weight) VALUES (NEW.id, NEW.state, NEW.weight)`,
      ),
    );
    await setup.query("SELECT SLEEP(1)");
    const count = stage.number(8, 10);
    const clients = await stage.mySessions(count, stage.application());
    clients.forEach((client, index) => {
      const id = index * 31 + 5;
      const sql =
        index % 3 === 0
          ? `UPDATE parcels SET state = 'sent' WHERE id = ${id}`
          : `SELECT state FROM parcels WHERE id = ${id}`;
      stage.leave(client.query(sql));
    });
    await myWaiting(stage, count + 1, 11);
    return { culprits: [idOf(change), idOf(report)] };
  },
});
