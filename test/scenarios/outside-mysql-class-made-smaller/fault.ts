import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "tickets-db";
const gib = 1024 ** 3;

const calm = calmRds({
  engine: "mysql",
  vcpus: 8,
  memoryGib: 64,
  freeGib: 110,
  connections: 190,
  cpu: 34,
  iops: 900,
});

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Somebody saved money and took a class of a quarter the size at night; the day's work no longer fits",
  world: (dice) => {
    const since = dice.number(400, 460);
    const day = dice.number(95, 120);
    const load = dice.number(11, 15);
    return {
      instances: [
        instanceOf(id, { Engine: "mysql", EngineVersion: "8.0.42", DBInstanceClass: "db.r6g.large" }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: (minutes) =>
          minutes > since ? 34 : minutes < day ? 99 : 62 + (37 * (since - minutes)) / (since - day),
        DBLoad: steps(2.2, load, day),
        DBLoadCPU: steps(1.7, load * 0.86, day),
        DBLoadNonCPU: steps(0.5, load * 0.14, day),
        DatabaseConnections: moves(196, 232, 60),
        FreeableMemory: steps(14 * gib, 1.7 * gib, since),
        ReadIOPS: steps(360, 1450, since),
        NetworkTransmitThroughput: steps(5.9e6, 5.4e6, day),
      },
      events: [
        told(id, since + 9, "configuration change", "Applying modification to database instance class"),
        told(id, since + 3, "availability", "DB instance shutdown"),
        told(id, since + 1, "availability", "DB instance restarted"),
        told(id, since, "configuration change", "Finished applying modification to DB instance class"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(since + 11).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "cost-optimizer",
          detail: `dBInstanceIdentifier=${id}, dBInstanceClass=db.r6g.large, applyImmediately=true`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: load * 0.86, "wait/io/file/innodb/innodb_data_file": load * 0.09 },
        [
          { sql: "SELECT * FROM `events` WHERE `id` = ?", waits: { CPU: load * 0.14 } },
          { sql: "SELECT * FROM `seats` WHERE `event_id` = ? AND `state` = ?", waits: { CPU: load * 0.13 } },
          { sql: "UPDATE `carts` SET `touched_at` = ? WHERE `id` = ?", waits: { CPU: load * 0.11 } },
          { sql: "SELECT `id` FROM `orders` WHERE `customer_id` = ?", waits: { CPU: load * 0.1 } },
          { sql: "INSERT INTO `order_lines` VALUES (...)", waits: { CPU: load * 0.08 } },
        ],
        { shop: load * 0.7, box_office: load * 0.28 },
      ),
      alarm: above("CPUUtilization", 90, [98.8, 99.1, 99], day - 4),
      way: "probe-failed",
    };
  },
});
