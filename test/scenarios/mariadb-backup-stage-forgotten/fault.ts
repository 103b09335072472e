import { openSession } from "../../lab/engines/sql.ts";
import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "A snapshot script took BACKUP STAGE BLOCK_COMMIT and hangs; every commit waits for the backup lock",
  endsAdministrators: "only who may RELOAD can do this, and the shop lets its backup scripts be ended",
  make: async (stage) => {
    const table = stage.table();
    const owner = await oneMy(stage, stage.application());
    await makeTable(owner, table);
    const script = await openSession(stage.mysql(), { applicationName: "volume-copy" });
    stage.cleanUp(async () => script.destroy());
    for (const step of ["START", "FLUSH", "BLOCK_DDL", "BLOCK_COMMIT"])
      await script.query(`BACKUP STAGE ${step}`);
    const writers = await stage.mySessions(stage.number(8, 14), stage.application());
    for (const [index, writer] of writers.entries())
      stage.leave(writer.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${index + 1}`));
    await myWaiting(stage, writers.length, 4);
    return { culprits: [idOf(script)] };
  },
});
