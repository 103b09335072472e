import { calmRds } from "../support/outside/calm.ts";
import { byHour, even, moves, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "content-replica-bi";
const source = "content-mariadb";
const gib = 1024 ** 3;

const visits =
  "SELECT DATE ( `viewed_at` ) AS `day` , `referrer_domain` , COUNT ( DISTINCT `visitor_id` ) FROM `page_views` WHERE `site_id` = ? AND `viewed_at` >= ? GROUP BY DATE ( `viewed_at` ) , `referrer_domain` ORDER BY ? DESC";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Everybody opens the new dashboard on the replica: its count of visitors takes both vCPUs, and what is to be applied gets the rest",
  world: (dice) => {
    const since = dice.number(23, 26);
    const counts = dice.number(60, 64) / 10;
    const lag = Math.round(since * 51.6);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.r5.large",
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
        }),
        instanceOf(source, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.r5.xlarge",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [id],
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 16,
            freeGib: 84,
            connections: 22,
            cpu: 34,
            iops: 700,
          }),
        ),
        ReplicaLag: (ago) => (ago > since ? 0 : moves(0, lag, since)(ago)),
        CPUUtilization: even(turns(byHour(34), since, 99.1)),
        DatabaseConnections: turns(byHour(22), since, 41),
        WriteIOPS: turns(byHour(430), since, 112),
        WriteThroughput: turns(byHour(8.8e6), since, 2.2e6),
        ReadIOPS: turns(byHour(210), since, 240),
        DBLoad: even(turns(byHour(0.7), since, counts + 1.5)),
        DBLoadCPU: even(turns(byHour(0.5), since, counts + 0.8)),
        DBLoadNonCPU: even(turns(byHour(0.2), since, 0.7)),
        [`${source}/CPUUtilization`]: byHour(37),
        [`${source}/DatabaseConnections`]: byHour(164),
        [`${source}/FreeableMemory`]: () => 7.3 * gib,
        [`${source}/DBLoad`]: byHour(1.7),
        [`${source}/WriteIOPS`]: byHour(610),
        [`${source}/WriteThroughput`]: byHour(12.6e6),
      },
      events: nightlyBackup(source),
      load: loadOf(
        {
          CPU: counts + 0.8,
          "wait/io/table/sql/handler": 0.5,
          "wait/io/file/innodb/innodb_log_file": 0.2,
        },
        [
          { sql: visits, waits: { CPU: counts, "wait/io/table/sql/handler": 0.4 } },
          {
            sql: "SELECT `site_id` , SUM ( `views` ) FROM `daily_totals` WHERE `day` BETWEEN ? AND ? GROUP BY `site_id`",
            waits: { CPU: 0.3, "wait/io/table/sql/handler": 0.1 },
          },
        ],
        { bi_reader: counts + 0.8, "system user": 0.7 },
      ),
      alarm: above("ReplicaLag", 600, [612, 664, 717], since - 14, "Maximum"),
      way: "probe-failed",
    };
  },
});
