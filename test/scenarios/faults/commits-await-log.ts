import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario, type MysqlFamily } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { context } from "../support/rds.ts";

/** The log is slow because somebody told it to wait for more commits; slow storage looks the same from inside. */
const slowLog = {
  mysql: { "binlog-group-commit-sync-delay": "400000" },
  mariadb: { "binlog-commit-wait-usec": "400000", "binlog-commit-wait-count": "500" },
} as const;

export const commitsAwaitLog = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "Every commit waits for the log, for almost half a second",
    tiers: ["immediate", "performance"],
    server: { settings: slowLog[engine] },
    make: async (stage) => {
      const table = stage.table();
      await makeTable(await oneMy(stage, "setup"), table);
      const workers = await stage.mySessions(stage.number(7, 9), stage.application());
      await keepRunning(stage, workers, workers.length, async (session, turn) => {
        await session.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${(turn % workers.length) + 1}`);
      });
      return { culprits: [] };
    },
    context: () => context(),
  });
