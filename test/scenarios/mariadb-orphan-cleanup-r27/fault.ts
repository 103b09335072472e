import { idOf, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

// After https://github.com/y-scope/clp/issues/2358, https://github.com/collectiveidea/delayed_job/issues/806
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A nightly clean-up deletes empty carts in one statement, by day, and locks every cart that it has looked at",
  thresholds: { longRunningSeconds: 5 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, owner int NOT NULL, touched datetime NOT NULL, KEY owner (owner))`,
    );
    await setup.query(
      `CREATE TABLE ${table}_line (id int PRIMARY KEY, parent_id int NOT NULL, amount int NOT NULL)`,
    );
    await setup.query(`INSERT INTO ${table} SELECT n, n DIV 3, '2026-01-01' FROM ${numbersTo(40_000)}`);
    await setup.query(`INSERT INTO ${table}_line SELECT n, n * 2, n FROM ${numbersTo(20_000)}`);
    await ordinaryWork(stage);
    const cleaner = await oneMy(stage, "nightly-cleanup");
    stage.leave(
      cleaner.query(`DELETE FROM ${table} WHERE touched < '2026-06-01'
        AND (SELECT COUNT(*) FROM ${table}_line WHERE ${table}_line.parent_id = ${table}.id) = 0`),
    );
    await setup.query("SELECT SLEEP(2)");
    const requests = await stage.mySessions(6, stage.application());
    for (const [index, request] of requests.entries()) {
      stage.leave(request.query(`UPDATE ${table} SET touched = NOW() WHERE id = ${2 + index * 2}`));
    }
    await myWaiting(stage, 6, 11);
    return { culprits: [idOf(cleaner)] };
  },
});
