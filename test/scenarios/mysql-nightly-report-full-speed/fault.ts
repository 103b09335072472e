import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { context, reading, steady } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The nightly report runs at full speed, as every night; the shop beside it answers in milliseconds",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const report = await oneMy(stage, "nightly-report");
    const clients = await stage.mySessions(3, stage.application());
    await report.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, customer int, amount int, KEY by_customer (customer))`,
    );
    await report.query(`INSERT INTO ${table} SELECT n, n % 900, n FROM ${numbersTo(90_000)}`);
    await report.query(`ANALYZE TABLE ${table}`);
    stage.leave(
      report.query(`SELECT a.customer, COUNT(*), SUM(a.amount + b.amount) FROM ${table} a
        JOIN ${table} b ON b.customer = a.customer GROUP BY a.customer ORDER BY 3 DESC LIMIT 20`),
    );
    await keepRunning(stage, clients, 150, async (client, turn) => {
      await client.query(`SELECT amount FROM ${table} WHERE id = ${1 + ((turn * 31) % 90_000)}`);
      await client.query("SELECT SLEEP(0.05)");
    });
    return { culprits: [] };
  },
  metrics: () => [steady("CPUUtilization", 56)],
  context: () =>
    context({ readings: [reading(steady("CPUUtilization", 56), "percent", { day: 57, week: 54 })] }),
});
