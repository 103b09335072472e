import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "pricing-db";
const latch = "wait/synch/sxlock/innodb/btr_search_latch";

const calm = calmRds({
  engine: "mysql",
  vcpus: 16,
  memoryGib: 128,
  freeGib: 140,
  connections: 420,
  cpu: 38,
  iops: 1300,
});

export const scenario = defineOutside({
  engine: "mysql",
  title: "Fifty sessions stand at the latch of the adaptive hash index; CPU and volume have room",
  world: (dice) => {
    const since = dice.number(18, 29);
    const waiting = dice.number(44, 58);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.r6i.4xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: steps(38, 57, since),
        DatabaseConnections: moves(420, 655, since),
        DBLoad: steps(6.1, waiting + 8.5, since),
        DBLoadCPU: steps(4.7, 7.6, since),
        DBLoadNonCPU: steps(1.4, waiting + 1, since),
        WriteIOPS: steps(780, 510, since),
        NetworkTransmitThroughput: steps(13e6, 8.2e6, since),
      },
      events: nightlyBackup(id),
      load: loadOf(
        {
          [latch]: waiting,
          CPU: 7.6,
          "wait/io/file/innodb/innodb_data_file": 0.5,
          "wait/synch/mutex/innodb/trx_mutex": 0.4,
        },
        [
          {
            sql: "SELECT `price` FROM `prices` WHERE `sku` = ? AND `region` = ?",
            waits: { [latch]: waiting * 0.41, CPU: 2.6 },
          },
          {
            sql: "SELECT `stock` FROM `stock_levels` WHERE `sku` = ? AND `store` = ?",
            waits: { [latch]: waiting * 0.33, CPU: 2 },
          },
          {
            sql: "UPDATE `prices` SET `price` = ? WHERE `id` = ?",
            waits: { [latch]: waiting * 0.18, CPU: 0.9 },
          },
          { sql: "SELECT `id` FROM `skus` WHERE `ean` = ?", waits: { CPU: 0.8, [latch]: waiting * 0.05 } },
        ],
        { pricing: waiting * 0.9, feed: waiting * 0.2 },
      ),
      alarm: above("DBLoad", 32, [51, 58, 61], since - 4),
      way: "probe-failed",
    };
  },
});
