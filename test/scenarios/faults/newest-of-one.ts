import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario, type MysqlFamily, type Scenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

interface Choice {
  readonly title: string;
  /** "": none at all; otherwise what the table has beside its key. */
  readonly index: string;
  readonly well?: true;
}

/** The newest ten of one owner: an index on the owner and the time finds and orders them at once. */
export function newestOfOne(engine: MysqlFamily, { title, index, well }: Choice): Scenario {
  return defineScenario({
    engine,
    title,
    tiers: ["immediate", "performance"],
    metrics: () => [busyCpu(well ? 34 : 91)],
    make: async (stage) => {
      const table = stage.table();
      const admin = await openSession(stage.mysql());
      stage.cleanUp(() => admin.end());
      await admin.query(`CREATE TABLE app.${table} (id int PRIMARY KEY, owner_id int NOT NULL, made_at datetime NOT NULL,
        body varchar(80) NOT NULL${index})`);
      await admin.query(`INSERT INTO app.${table} SELECT n, n * 7919 % 4000, '2026-01-01' + INTERVAL n * 37 % 90000 MINUTE,
        CONCAT('entry ', n) FROM ${numbersTo(stage.number(80_000, 100_000))}`);
      await admin.query(`ANALYZE TABLE app.${table}`);
      await ordinaryWork(stage, 3);
      const clients = await stage.mySessions(stage.number(5, 7), "timeline");
      await keepRunning(stage, clients, 150, async (client, turn) => {
        await client.query(
          `SELECT id, made_at, body FROM ${table} WHERE owner_id = ? ORDER BY made_at DESC LIMIT 10`,
          [(turn * 31) % 4000],
        );
        if (well) await pause(20);
      });
      return { culprits: [] };
    },
  });
}
