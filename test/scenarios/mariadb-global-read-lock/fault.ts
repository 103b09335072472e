import { openSession } from "../../lab/engines/sql.ts";
import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A home-made backup took FLUSH TABLES WITH READ LOCK and did not unlock; all writers wait",
  endsAdministrators: "only who may RELOAD can do this, and the shop lets its backup scripts be ended",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const holder = await openSession(stage.mysql(), { applicationName: "backup-script" });
    stage.cleanUp(() => holder.end());
    const waiters = await stage.mySessions(stage.number(3, 14), stage.application());
    await makeTable(await oneMy(stage, "setup"), table);
    await holder.query("FLUSH TABLES WITH READ LOCK");
    for (const waiter of waiters) stage.leave(waiter.query(`UPDATE ${table} SET n = 1 WHERE id = 3`));
    await myWaiting(stage, waiters.length, 2);
    return { culprits: [idOf(holder)] };
  },
});
