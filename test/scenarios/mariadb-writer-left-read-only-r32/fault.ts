import { createConnection } from "mysql2/promise";
import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { pause } from "../support/ordinary-work.ts";

// After https://github.com/sysown/proxysql/issues/3745: what should be the writer takes no writes.
export const scenario = defineScenario({
  engine: "mariadb",
  title: "The writer was left read_only after a switch-over: reads are served, every write fails with 1290",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const { adminUrl } = stage.mysql();
    const table = stage.table();
    const setup = await oneMy(stage, "migrate");
    await makeTable(setup, table);
    await setup.end();
    const rdsadmin = await createConnection({ uri: adminUrl });
    const readers = await stage.mySessions(3, stage.application());
    await keepRunning(stage, readers, 30, async (session, turn) => {
      await session.query(`SELECT state, n FROM ${table} WHERE id = ${1 + (turn % 50)}`);
      await pause(30);
    });
    const writers = await stage.mySessions(3, stage.application());
    let refused = 0;
    await keepRunning(stage, writers, 30, async (session, turn) => {
      await session.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + (turn % 50)}`).catch(() => {
        refused += 1;
      });
      await pause(60);
    });
    await rdsadmin.query("SET GLOBAL read_only = ON");
    await rdsadmin.end();
    await pause(6000);
    if (refused < 20) throw new Error(`only ${refused} writes were refused`);
    return { culprits: [] };
  },
});
