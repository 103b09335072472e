import { defineScenario, type MysqlFamily } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { context } from "../support/rds.ts";

/** Many sessions compute at once; of CloudWatch nothing could be read, only RDS says how many vCPUs there are. */
export const cpuWithoutMetrics = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "More statements compute than there are CPUs, and no metric was read",
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      const table = stage.table();
      const busy = await stage.mySessions(stage.number(8, 10), stage.application());
      await busy[0]?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int NOT NULL)`);
      await busy[0]?.query(`INSERT INTO ${table} SELECT n, n * 7 FROM ${numbersTo(stage.number(700, 900))}`);
      // None of them is most of the load, and each reads a table that it fits in.
      const functions = ["SQRT", "LN", "SIN", "COS", "ATAN", "ABS", "RADIANS", "SIGN", "CEIL", "FLOOR"];
      await keepRunning(stage, busy, busy.length / 2, async (session, turn) => {
        const name = functions[turn % busy.length] ?? "EXP";
        await session.query(
          `SELECT SUM(${name}(a.n + b.n)) FROM ${table} a JOIN ${table} b ON b.id > a.id AND b.id < a.id + 300`,
        );
      });
      return { culprits: [] };
    },
    context: () => context(),
  });
