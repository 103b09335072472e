import type { MetricSeries } from "../../../functions/core/contract/evidence.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { loadOf } from "../support/outside/described.ts";
import { context, reading, steady } from "../support/rds.ts";

const gib = 1024 ** 3;

const measured = () => [
  reading(steady("CPUUtilization", 41), "percent", { day: 24, week: 23 }),
  reading(steady("ReadIOPS", 2240), "per-second", { day: 130, week: 124 }),
  reading(steady("WriteIOPS", 160), "per-second", { day: 158, week: 150 }),
  reading(steady("ReadLatency", 0.0031), "seconds", { day: 0.0008, week: 0.0008 }),
  reading(steady("DiskQueueDepth", 7.1), "count", { day: 0.3, week: 0.3 }),
  reading(steady("FreeableMemory", 9.6 * gib), "bytes", { day: 3.1 * gib, week: 3.1 * gib }),
  reading(steady("DatabaseConnections", 12), "count", { day: 11, week: 11 }),
  reading(steady("DBLoad", 7.6), "average-sessions", { day: 0.9, week: 0.9, capacity: 2 }),
  reading(steady("DBLoadCPU", 0.7), "average-sessions", { day: 0.6, week: 0.6, capacity: 2 }),
  reading(steady("DBLoadNonCPU", 6.9), "average-sessions", { day: 0.3, week: 0.3, capacity: 2 }),
];

const series = (): MetricSeries[] => [
  steady("CPUUtilization", 41),
  steady("ReadIOPS", 2240),
  steady("WriteIOPS", 160),
  steady("DBLoad", 7.6),
  steady("DBLoadCPU", 0.7),
  steady("DBLoadNonCPU", 6.9),
];

const lookup = "SELECT OWNER , BODY FROM `documents` WHERE ID = ?";
const load = () =>
  loadOf(
    { "io/file/innodb/innodb_data_file": 6.6, CPU: 0.7, "io/file/sql/binlog": 0.2 },
    [{ sql: lookup, waits: { "io/file/innodb/innodb_data_file": 6.5, CPU: 0.5 } }],
    { shop: 7.4 },
  );

export const scenario = defineScenario({
  engine: "mariadb",
  title: "The buffer pool kept the size of the small class: nearly every lookup reads a page from the volume",
  tiers: ["immediate", "performance"],
  server: { settings: { innodb_buffer_pool_size: "41943040", innodb_lru_scan_depth: "100" } },
  metrics: series,
  context: () => context({ readings: measured(), load: load() }, { instanceClass: "db.r6g.large" }),
  make: async (stage) => {
    const [table, calm] = [stage.table(), stage.table()];
    const [site, shop] = [stage.application(), stage.application()];
    const owner = await oneMy(stage, "setup");
    await owner.query(`CREATE TABLE ${calm} (id int PRIMARY KEY, n int NOT NULL)`);
    await owner.query(`INSERT INTO ${calm} SELECT n, 0 FROM ${numbersTo(500)}`);
    await owner.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, owner int, body varchar(1400) CHARACTER SET latin1)`,
    );
    for (const round of [0, 1]) {
      await owner.query(
        `INSERT INTO ${table} SELECT n + ${round * 60_000}, n % 7000, RPAD(SHA1(n), 1350, SHA1(n + 1)) FROM ${numbersTo(60_000)}`,
      );
    }
    const others = await stage.mySessions(2, site);
    await keepRunning(stage, others, 20, async (client, turn) => {
      await client.query(`UPDATE ${calm} SET n = n + 1 WHERE id = ${1 + ((turn * 37) % 500)}`);
      await new Promise((resolve) => setTimeout(resolve, 40));
    });
    const clients = await stage.mySessions(6, shop);
    await keepRunning(stage, clients, 9000, (client, turn) =>
      client.query(`SELECT owner, body FROM ${table} WHERE id = ${1 + ((turn * 48_271) % 120_000)}`),
    );
    // Long enough that nobody takes a pool that is full for one that is filling.
    await owner.query("SELECT SLEEP(150)");
    return { culprits: [] };
  },
});
