import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { context } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A busy pool of short statements and commits, and no metric was read: nothing is wrong",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    await makeTable(await oneMy(stage, "setup"), table);
    const workers = await stage.mySessions(stage.number(5, 7), stage.application());
    await keepRunning(stage, workers, 200, async (session, turn) => {
      await session.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${(turn % 20) + 1}`);
      await session.query(`SELECT n FROM ${table} WHERE id = ${((turn * 3) % 20) + 1}`);
    });
    return { culprits: [] };
  },
  context: () => context(),
});
