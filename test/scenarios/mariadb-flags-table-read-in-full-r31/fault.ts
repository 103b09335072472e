import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_log_queries_not_using_indexes
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Well: a table of forty feature flags is read in full at every request, and the slow log is full of it because it logs what uses no index",
  tiers: ["immediate", "performance", "health"],
  server: { settings: { "slow-query-log": "ON", "log-queries-not-using-indexes": "ON" } },
  make: async (stage) => {
    const setup = await oneMy(stage, stage.application());
    await setup.query(
      "CREATE TABLE feature_flags (id int PRIMARY KEY, environment varchar(12) NOT NULL, name varchar(60) NOT NULL, enabled tinyint NOT NULL)",
    );
    const flags = Array.from(
      { length: 40 },
      (_, index) =>
        `(${index}, '${index % 2 === 0 ? "prod" : "staging"}', 'flag-${index}', ${index % 3 === 0 ? 1 : 0})`,
    );
    await setup.query(`INSERT INTO feature_flags VALUES ${flags.join(", ")}`);
    await ordinaryWork(stage, 3);
    const requests = await stage.mySessions(6, stage.application());
    await keepRunning(stage, requests, 1500, async (request) => {
      await request.query("SELECT name, enabled FROM feature_flags WHERE environment = 'prod'");
      await pause(30);
    });
    return { culprits: [] };
  },
});
