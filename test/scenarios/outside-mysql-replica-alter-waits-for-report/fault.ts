import { calmRds, calmReader } from "../support/outside/calm.ts";
import { moves, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "loyalty-prod-ro1";
const source = "loyalty-prod";
const queue = "wait/lock/metadata/sql/mdl";

const report =
  "SELECT `m` . `tier` , DATE_FORMAT ( `p` . `earned_at` , ? ) , SUM ( `p` . `points` ) FROM `loyalty_points` `p` JOIN `members` `m` ON `m` . `id` = `p` . `member_id` GROUP BY `m` . `tier` , DATE_FORMAT ( `p` . `earned_at` , ? )";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The replica's applier has an ALTER that waits for a report which reads the same table on the replica",
  world: (dice) => {
    const minutes = dice.number(36, 40);
    const readers = 8.4;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.r6g.large",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
        }),
        instanceOf(source, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          ReadReplicaDBInstanceIdentifiers: [id],
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 16,
            freeGib: 171,
            connections: 48,
            cpu: 27,
            iops: 430,
          }),
        ),
        ...calmReader(source, 32),
        [`${source}/WriteIOPS`]: usual(280),
        [`${source}/WriteThroughput`]: usual(5.8e6),
        ReplicaLag: moves(0, minutes * 60, minutes),
        CPUUtilization: steps(27, 55, 84),
        DatabaseConnections: steps(48, 61, minutes),
        WriteIOPS: steps(260, 94, minutes),
        WriteThroughput: steps(5.4e6, 2.1e6, minutes),
        NetworkTransmitThroughput: steps(1.5e6, 0.6e6, minutes),
        DBLoad: steps(0.7, readers + 2.3, minutes),
        DBLoadCPU: steps(0.5, 0.9, minutes),
        DBLoadNonCPU: steps(0.2, readers + 1.4, minutes),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { [queue]: readers + 1, CPU: 0.9, "wait/io/table/sql/handler": 0.4 },
        [
          {
            sql: "SELECT `balance` , `expires_at` FROM `loyalty_points` WHERE `member_id` = ?",
            waits: { [queue]: readers },
          },
          { sql: report, waits: { CPU: 0.75, "wait/io/table/sql/handler": 0.3 } },
          {
            sql: "ALTER TABLE `loyalty_points` ADD COLUMN `campaign_ref` VARCHAR (?) NULL",
            waits: { [queue]: 1 },
          },
          {
            sql: "SELECT * FROM `members` WHERE `card_no` = ?",
            waits: { CPU: 0.15, "wait/io/table/sql/handler": 0.1 },
          },
        ],
        { loyalty_ro: readers + 0.2, metabase: 1.1, "system user": 1 },
      ),
      alarm: above("ReplicaLag", 300, [308, 367, 428], minutes - 7, "Maximum"),
      way: "probe-failed",
    };
  },
});
