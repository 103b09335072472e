import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { cutOff, inPart } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";
import { poolOn, rowQueue, spread } from "../support/outside/mysql-queues.ts";

const id = "newsletter-prod";
const began = 5;
const handler = "wait/io/table/sql/handler";
const bulk =
  "UPDATE subscribers SET segment = ? , segmented_at = NOW ( ) WHERE country = ? AND last_seen < ?";
const single = "UPDATE subscribers SET last_seen = ? WHERE id = ?";

const holder = atWork(51_877, "segmenter", 288, "updating", bulk, {
  transactionSeconds: 288,
  stateSince: "1796024511",
  rowsModified: 812_440,
  autocommit: true,
});

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "One update of a whole country keeps its rows for minutes; every open and click of a mail waits for one of them",
  world: (dice) => {
    const waiting = dice.number(36, 42);
    const queue = rowQueue({
      row: "row 188 on page 90412 of shop.subscribers (PRIMARY)",
      holder,
      waiters: spread(waiting, 47, 2).map((seconds, n) => ({
        seconds: Math.round(seconds),
        session: atWork(52_110 + n * 3, "tracker", seconds, "updating", single, {
          transactionSeconds: Math.round(seconds),
          autocommit: true,
        }),
      })),
    });
    const sessions = queue.nodes.flatMap(({ session }) => (session === null ? [] : [session]));
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.41",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 32,
            freeGib: 190,
            connections: 96,
            cpu: 29,
            iops: 700,
          }),
        ),
        DBLoad: steps(1.2, waiting + 2.6, began),
        DBLoadCPU: steps(0.9, 1.4, began),
        DBLoadNonCPU: steps(0.3, waiting + 1.2, began),
        CPUUtilization: steps(29, 36, began),
        DatabaseConnections: moves(96, waiting + 103, began),
        WriteIOPS: steps(420, 1350, began),
        WriteThroughput: steps(8.8e6, 31e6, began),
        DiskQueueDepth: steps(0.8, 2.4, began),
      },
      events: [
        told(id, 512, "failover", "Multi-AZ instance failover completed"),
        told(id, 513, "failover", "Multi-AZ instance failover started."),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        {
          [handler]: 13.4,
          CPU: 1.1,
          "wait/io/file/innodb/innodb_data_file": 0.4,
          "wait/io/file/sql/binlog": 0.1,
        },
        [
          { sql: single, waits: { [handler]: 12.9, CPU: 0.2 } },
          { sql: bulk, waits: { CPU: 0.3, "wait/io/file/innodb/innodb_data_file": 0.3 } },
          {
            sql: "INSERT INTO `opens` ( `mail_id` , `subscriber_id` ) VALUES (...)",
            waits: { CPU: 0.2, [handler]: 0.1 },
          },
        ],
        { tracker: 14, segmenter: 0.6 },
      ),
      alarm: above("DBLoad", 8, [41.2, 40.8, 41.9], 2),
      way: "probe-failed",
      culprits: [holder.id],
      inPart: inPart({
        version: "8.0.41",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.41", 30_820, 2600)],
          "mysql-metadata-locks": [nobodyWaits],
          "mysql-connections": [
            ...poolOn("tracker", { "10.4.18.23": 52, "10.4.33.9": 49 }, 3.2, 44),
            groupOf("tracker", "10.4.18.23", "active", waiting, [24, 47], { waitingOnLock: waiting }),
            groupOf("segmenter", "10.4.40.11", "active", 1, [288, 288]),
            ownGroup,
          ],
          "mysql-sessions": sessions,
          "mysql-row-locks": [queue],
        },
        rest: cutOff,
      }),
    };
  },
});
