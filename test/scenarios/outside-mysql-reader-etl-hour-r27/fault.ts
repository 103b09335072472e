import { calmAurora } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const [writer, reader] = ["sales-db-1", "sales-db-2"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.1",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "sales-db",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Nothing is wrong: on the reader the extraction for the warehouse runs at its hour, as each day, and takes three quarters of an hour of most of the CPU",
  world: (dice) => {
    const began = dice.number(24, 27);
    const at = (inside: number, outside: number) => atTheseHours(began, 47, inside, outside);
    return {
      instances: [instanceOf(reader, like), instanceOf(writer, like)],
      cluster: clusterOf("sales-db", [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 61, cpu: 22, iops: 240 }),
        CPUUtilization: at(88, 22),
        DBLoad: at(3.7, 0.9),
        DBLoadCPU: at(3.3, 0.7),
        DBLoadNonCPU: at(0.4, 0.2),
        ReadIOPS: at(2900, 96),
        ReadThroughput: at(47e6, 1.7e6),
        NetworkTransmitThroughput: at(38e6, 1.9e6),
        SelectLatency: at(1.9, 0.6),
        WriteIOPS: () => 0,
        AuroraReplicaLag: usual(22),
        [`${writer}/CPUUtilization`]: usual(31),
        [`${writer}/DatabaseConnections`]: usual(140),
        [`${writer}/DBLoad`]: usual(1.3),
      },
      events: [],
      load: loadOf(
        { CPU: 3.3, "wait/io/table/sql/handler": 0.3, "wait/io/socket/sql/client_connection": 0.1 },
        [
          {
            sql: "SELECT * FROM `order_lines` WHERE `updated_at` >= ? AND `updated_at` < ? AND MOD ( `id` , ? ) = ?",
            waits: {
              CPU: 2.8,
              "wait/io/table/sql/handler": 0.3,
              "wait/io/socket/sql/client_connection": 0.1,
            },
          },
          { sql: "SELECT * FROM `customers` WHERE `id` = ?", waits: { CPU: 0.4 } },
        ],
        { warehouse_etl: 3.2, sales_ro: 0.5 },
      ),
      alarm: above("CPUUtilization", 85, [87.1, 88.9, 88.3], began - 6),
      way: "probe-failed",
    };
  },
});
