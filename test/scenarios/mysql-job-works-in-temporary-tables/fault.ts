import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Nothing is wrong: commissions are reckoned in small temporary tables of the job's own, tenant by tenant, beside busy shops",
  tiers: ["immediate", "performance"],
  server: { settings: { "innodb-redo-log-capacity": "268435456" } },
  make: async (stage) => {
    const jobs = await stage.mySessions(2, "commission-job");
    const shops = await stage.mySessions(stage.number(5, 7), "pos-terminal");
    const [setup] = jobs;
    await setup?.query(
      "CREATE TABLE pos_sales (tenant_id smallint unsigned NOT NULL, sale_no int unsigned NOT NULL, agent varchar(16) NOT NULL, cents int unsigned NOT NULL, sold_on date NOT NULL, PRIMARY KEY (tenant_id, sale_no), KEY by_day (tenant_id, sold_on, agent, cents))",
    );
    await setup?.query(
      "CREATE TABLE commissions (tenant_id smallint unsigned NOT NULL, agent varchar(16) NOT NULL, day date NOT NULL, cents bigint NOT NULL, PRIMARY KEY (tenant_id, agent, day))",
    );
    await setup?.query(
      `INSERT INTO pos_sales SELECT 1 + n % 200, n, CONCAT('agent-', n % 12), 100 + n % 9000, '2026-11-01' + INTERVAL n % 28 DAY FROM ${numbersTo(60_000)}`,
    );
    await setup?.query("ANALYZE TABLE pos_sales");
    await ordinaryWork(stage, 4);
    let sale = 1_000_000;
    let running = true;
    stage.cleanUp(async () => {
      running = false;
    });
    for (const [index, shop] of shops.entries()) {
      const sell = async () => {
        while (running) {
          sale += 1;
          const [own, tenant] = [sale, 1 + (sale % 200)];
          await shop.query("START TRANSACTION");
          await shop.query(
            `INSERT INTO pos_sales VALUES (${tenant}, ${own}, 'agent-${index}', 990, '2026-11-29')`,
          );
          await shop.query(`SELECT cents FROM pos_sales WHERE tenant_id = ${tenant} AND sale_no = ${own}`);
          await shop.query("COMMIT");
          await pause(35);
        }
      };
      stage.leave(sell());
    }
    await keepRunning(stage, jobs, 60, async (job, turn) => {
      const tenant = 1 + (turn % 200);
      const day = `2026-11-${String(1 + (turn % 28)).padStart(2, "0")}`;
      await job.query(
        `CREATE TEMPORARY TABLE day_of_tenant AS SELECT agent, cents FROM pos_sales WHERE tenant_id = ${tenant} AND sold_on = '${day}'`,
      );
      await job.query(
        `REPLACE INTO commissions SELECT ${tenant}, agent, '${day}', SUM(cents) * 3 DIV 100 FROM day_of_tenant GROUP BY agent`,
      );
      await job.query("DROP TEMPORARY TABLE day_of_tenant");
      await pause(60);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(46)],
});
