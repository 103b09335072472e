import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "ledger-db";
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
    "Taken at night to a class with as many vCPUs and four times the memory; by day more work comes than ever",
  world: (dice) => {
    const since = dice.number(400, 460);
    const day = dice.number(95, 120);
    const load = dice.number(19, 26);
    return {
      instances: [
        instanceOf(id, { Engine: "mysql", EngineVersion: "8.0.42", DBInstanceClass: "db.x2iedn.2xlarge" }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: (minutes) =>
          minutes > since ? 34 : minutes < day ? 99 : 36 + (20 * (since - minutes)) / (since - day),
        DBLoad: steps(2.2, load, day),
        DBLoadCPU: steps(1.7, load * 0.86, day),
        DBLoadNonCPU: steps(0.5, load * 0.14, day),
        DatabaseConnections: moves(196, 262, 60),
        FreeableMemory: steps(14 * gib, 190 * gib, since),
        ReadIOPS: steps(360, 140, since),
        NetworkTransmitThroughput: steps(5.9e6, 1.6e7, day),
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
          by: "platform-team",
          detail: `dBInstanceIdentifier=${id}, dBInstanceClass=db.x2iedn.2xlarge, applyImmediately=true`,
          error: null,
          before: { dBInstanceClass: "db.r6g.2xlarge" },
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
