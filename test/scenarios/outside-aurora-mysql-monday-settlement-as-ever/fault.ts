import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const [writer, reader] = ["market-1", "market-2"];
const week = 7 * 1440;
const version = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.0" };
const member = { ...version, DBClusterIdentifier: "market", DBInstanceClass: "db.r6g.2xlarge" };

/** At the same hour of this day of every week, and on no other day. */
function eachWeek(began: number, lasts: number, inside: number, outside: number): Curve {
  return (minutes) => {
    const since = (((began - minutes) % week) + week) % week;
    return since < lasts ? inside : outside;
  };
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Monday's settlement of all sellers, as on every Monday at this hour; nobody waits, and yesterday there was none",
  world: (dice) => {
    const since = dice.number(33, 37);
    const monday = (inside: number, outside: number) => eachWeek(since, 80, inside, outside);
    return {
      instances: [instanceOf(writer, member), instanceOf(reader, member)],
      cluster: clusterOf("market", [writer, reader], version),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 176, cpu: 30, iops: 700 }),
        ),
        ...calmReader(reader, 64),
        CPUUtilization: monday(77, 30),
        DBLoad: monday(6.6, 2.4),
        DBLoadCPU: monday(6, 1.85),
        DBLoadNonCPU: monday(0.6, 0.55),
        WriteIOPS: monday(980, 420),
        DatabaseConnections: monday(184, 176),
        RollbackSegmentHistoryListLength: monday(900, 140),
      },
      events: [told("market", 655, "backup", "Automated backup of DB cluster finished", "cluster")],
      load: loadOf(
        { CPU: 6, "io/aurora_redo_log_flush": 0.4, "io/table/sql/handler": 0.2 },
        [
          {
            sql: "SELECT `l` . `seller_id` , SUM ( `l` . `net` ) , SUM ( `l` . `fee` ) FROM `order_lines` `l` JOIN `orders` `o` ON `o` . `id` = `l` . `order_id` WHERE `l` . `seller_id` = ? AND `o` . `closed_at` >= ? GROUP BY `l` . `seller_id`",
            waits: { CPU: 3.6, "io/table/sql/handler": 0.2 },
          },
          {
            sql: "INSERT INTO `settlements` ( `seller_id` , `week` , `net` , `fee` ) VALUES (...)",
            waits: { CPU: 0.5, "io/aurora_redo_log_flush": 0.3 },
          },
          { sql: "SELECT * FROM `offers` WHERE `id` = ?", waits: { CPU: 0.9 } },
        ],
        { settlement: 4.6, market_web: 2 },
      ),
      alarm: above("CPUUtilization", 75, [76.8, 77.9, 77.2], since - 5),
      way: "probe-failed",
    };
  },
});
