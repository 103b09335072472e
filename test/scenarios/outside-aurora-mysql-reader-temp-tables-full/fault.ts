import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "adstats-reader";
const writer = "adstats-writer";
const engine = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.05.2" } as const;
const handler = "wait/io/table/sql/handler";

/** A reader cannot put them into InnoDB: what fits neither temptable_max_ram nor temptable_max_mmap fails. */
export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Reports on the reader fail: their temporary tables outgrow what a reader has for them, and the error log says so",
  world: (dice) => {
    const thread = dice.number(48_000, 52_000);
    const full = Array.from({ length: 26 }, (_, at) => {
      const minutes = 31 - at * 1.2;
      const name = `#sql${(0x2c1 + at).toString(16)}_${(thread + at * 3).toString(16)}_${at % 7}`;
      return mysqlErrorLine(
        minutes,
        thread + at * 3,
        `[ERROR] [MY-013132] [Server] The table '/rdsdbdata/tmp/${name}' is full!`,
      );
    });
    return {
      instances: [id, writer].map((name) =>
        instanceOf(name, { ...engine, DBInstanceClass: "db.r6g.xlarge", DBClusterIdentifier: "adstats" }),
      ),
      cluster: clusterOf("adstats", [writer, id], engine),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 64, cpu: 41, iops: 700 }),
        ),
        ...calmReader(writer, 32),
        AuroraReplicaLag: usual(21),
        CPUUtilization: steps(41, 77, 33),
        DatabaseConnections: steps(64, 79, 32),
        ReadIOPS: steps(280, 920, 33),
        ReadThroughput: steps(4.6e6, 15e6, 33),
        // A reader writes to its local storage alone.
        WriteIOPS: steps(6, 31, 33),
        WriteThroughput: steps(0.2e6, 1.4e6, 33),
        CommitThroughput: () => 0,
        DMLLatency: () => 0,
        FreeableMemory: steps(7.1 * 1024 ** 3, 5.2 * 1024 ** 3, 33),
        SelectLatency: steps(2.2, 5.4, 33),
        DBLoad: steps(1.7, 4.3, 33),
        DBLoadCPU: steps(1.3, 2.7, 33),
        DBLoadNonCPU: steps(0.4, 1.6, 33),
      },
      events: [],
      load: loadOf(
        { CPU: 2.7, [handler]: 1.1, "wait/io/socket/sql/client_connection": 0.5 },
        [
          {
            sql: "SELECT `campaign_id` , `creative_id` , `country` , COUNT ( DISTINCT `visitor` ) , SUM ( `cost` ) FROM `campaign_clicks` WHERE `day` >= ? GROUP BY `campaign_id` , `creative_id` , `country`",
            waits: { CPU: 1.5, [handler]: 0.7 },
          },
          { sql: "SELECT * FROM `campaigns` WHERE `advertiser_id` = ?", waits: { CPU: 0.6, [handler]: 0.2 } },
          {
            sql: "SELECT `day` , `spend` FROM `budgets` WHERE `campaign_id` = ?",
            waits: { CPU: 0.4, [handler]: 0.2 },
          },
        ],
        { reports: 2.6, console_ro: 1.7 },
      ),
      logs: [mysqlErrorLog(full, 1)],
      alarm: above("CPUUtilization", 75, [76.2, 77.8, 77.1], 27),
      way: "probe-failed",
    };
  },
});
