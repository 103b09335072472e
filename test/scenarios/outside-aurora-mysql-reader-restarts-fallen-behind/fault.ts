import { calmAurora } from "../support/outside/calm.ts";
import { type Curve, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { climbsUntilRestart } from "../support/outside/stairs.ts";

const writer = "catalog-a";
const reader = "catalog-b";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
  DBClusterIdentifier: "catalog",
};
const handler = "io/table/sql/handler";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A small reader cannot follow the price import of a large writer, falls behind by a minute and is restarted",
  world: (dice) => {
    const began = dice.number(46, 49);
    const restarts = [began - 13, began - 27, began - 41];
    const upAgain: Curve = (ago) => {
      const last = restarts.findLast((restart) => restart >= ago);
      return last === undefined ? 33 * 86_400 - ago * 60 : (last - ago) * 60;
    };
    const served =
      (value: number): Curve =>
      (ago) =>
        restarts.some((restart) => ago <= restart && ago > restart - 1.5) ? value * 0.06 : value;
    return {
      instances: [
        instanceOf(reader, { ...of, DBInstanceClass: "db.r6g.large" }),
        instanceOf(writer, { ...of, DBInstanceClass: "db.r6g.4xlarge" }),
      ],
      cluster: clusterOf("catalog", [writer, reader], { Engine: of.Engine, EngineVersion: of.EngineVersion }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 64, cpu: 48, iops: 420 }),
        CPUUtilization: (ago) => (ago > began ? usual(48)(ago) : served(94)(ago)),
        DatabaseConnections: (ago) => (ago > began ? usual(64)(ago) : served(66)(ago)),
        AuroraReplicaLag: climbsUntilRestart(21, 4600, began, restarts),
        AuroraReplicaLagMaximum: climbsUntilRestart(21, 4600, began, restarts),
        EngineUptime: upAgain,
        BufferCacheHitRatio: (ago) => (ago > (restarts[0] ?? 0) ? 99.7 : 96.8),
        SelectLatency: steps(0.9, 3.7, began),
        Queries: steps(1150, 1010, began),
        DBLoad: steps(1.4, 5.4, began),
        DBLoadCPU: steps(0.9, 3.2, began),
        DBLoadNonCPU: steps(0.5, 2.2, began),
        [`${writer}/CPUUtilization`]: steps(22, 57, began),
        [`${writer}/DBLoad`]: steps(4.1, 11.2, began),
        [`${writer}/DatabaseConnections`]: usual(180),
        [`${writer}/CommitThroughput`]: steps(310, 4900, began),
        [`${writer}/DMLLatency`]: steps(1.2, 1.5, began),
        [`${writer}/FreeableMemory`]: usual(31 * 1024 ** 3),
      },
      events: [
        ...restarts
          .toReversed()
          .flatMap((minutes) => [
            told(reader, minutes - 1, "availability", "DB instance restarted"),
            told(reader, minutes, "availability", "DB instance shutdown"),
          ]),
        ...nightlyBackup(writer),
      ],
      logs: [
        mysqlErrorLog(
          restarts.map((minutes) =>
            mysqlErrorLine(
              minutes,
              0,
              "[ERROR] [MY-013183] [InnoDB] Read Replica has fallen behind the master too much. Restarting MySQL",
            ),
          ),
          restarts[2] ?? 5,
        ),
      ],
      load: loadOf(
        { CPU: 3.2, [handler]: 1.8, "io/aurora_respond_to_client": 0.3 },
        [
          { sql: "SELECT * FROM `products` WHERE `sku` = ?", waits: { CPU: 1.1, [handler]: 0.7 } },
          {
            sql: "SELECT `price` , `currency` FROM `prices` WHERE `product_id` = ? AND `list_id` = ?",
            waits: { CPU: 0.9, [handler]: 0.6 },
          },
          {
            sql: "SELECT `id` FROM `stock` WHERE `product_id` IN (...)",
            waits: { CPU: 0.7, [handler]: 0.4 },
          },
        ],
        { shop_read: 4.6, feed: 0.7 },
      ),
      alarm: above("AuroraReplicaLag", 10_000, [13_800, 18_400, 23_000], began - 5, "Maximum"),
      alsoAlarms: [above("CPUUtilization", 90, [93.4, 94.2, 93.9], began - 4)],
      way: "silent",
    };
  },
});
