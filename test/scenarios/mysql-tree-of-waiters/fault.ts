import { idOf, makeTable, myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A tree: two sessions wait for an idle one, and each has a crowd of its own behind it",
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const table = stage.table();
    const root = await oneMy(stage, stage.application());
    const branches = await stage.mySessions(2, stage.application());
    const leaves = await stage.mySessions(stage.number(6, 14), stage.application());
    await makeTable(root, table);
    await root.query("START TRANSACTION");
    await root.query(`UPDATE ${table} SET n = 1 WHERE id IN (1, 2)`);
    for (const [index, branch] of branches.entries()) {
      await branch.query("START TRANSACTION");
      await branch.query(`UPDATE ${table} SET n = 1 WHERE id = ${11 + index}`);
      stage.leave(
        branch.query(`UPDATE ${table} SET n = 1 WHERE id = ${1 + index}`).then(() => branch.query("COMMIT")),
      );
    }
    await myWaiting(stage, branches.length, 0);
    for (const [index, leaf] of leaves.entries()) {
      stage.leave(leaf.query(`UPDATE ${table} SET n = 2 WHERE id = ${11 + (index % 2)}`));
    }
    await myWaiting(stage, branches.length + leaves.length, 2);
    return { culprits: [idOf(root)] };
  },
});
