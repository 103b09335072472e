import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "insight-db";
const group = "insight-db-params";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "temptable_max_ram was lowered to 32 MiB to save memory; the grouped dashboards that fitted into memory are written to the volume since",
  world: (dice) => {
    const since = dice.number(46, 52);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 32,
            freeGib: 230,
            connections: 74,
            cpu: 41,
            iops: 800,
          }),
        ),
        CPUUtilization: steps(41, 36, since),
        WriteIOPS: steps(480, 2700, since),
        WriteThroughput: steps(10e6, 166e6, since),
        WriteLatency: steps(0.0015, 0.0026, since),
        ReadIOPS: steps(320, 1500, since),
        ReadThroughput: steps(6e6, 92e6, since),
        DiskQueueDepth: steps(1, 8.4, since),
        FreeStorageSpace: steps(230 * 1024 ** 3, 221 * 1024 ** 3, since),
        DBLoad: steps(1.6, 9.1, since),
        DBLoadCPU: steps(1.3, 1.5, since),
        DBLoadNonCPU: steps(0.3, 7.6, since),
      },
      events: [
        told(
          group,
          since + 1,
          "configuration change",
          "Updated parameter temptable_max_ram to 33554432 with apply method immediate",
          "parameter-group",
        ),
        told(id, since, "configuration change", "Finished updating DB parameter group"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(since + 1).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "a.lindqvist",
          detail: `dBParameterGroupName=${group}, parameters=[{"parameterName":"temptable_max_ram","parameterValue":"33554432","applyMethod":"immediate"}]`,
          error: null,
        },
      ],
      load: loadOf(
        { "wait/io/file/temptable/physical_disk": 6.9, CPU: 1.5, "wait/io/table/sql/handler": 0.7 },
        [
          {
            sql: "SELECT `page` , `referrer` , COUNT ( DISTINCT `visitor_id` ) FROM `session_events` WHERE `site_id` = ? AND `day` BETWEEN ? AND ? GROUP BY `page` , `referrer`",
            waits: {
              "wait/io/file/temptable/physical_disk": 3.8,
              CPU: 0.7,
              "wait/io/table/sql/handler": 0.3,
            },
          },
          {
            sql: "SELECT `country` , `device` , COUNT ( * ) FROM `visits` WHERE `site_id` = ? GROUP BY `country` , `device`",
            waits: {
              "wait/io/file/temptable/physical_disk": 2.2,
              CPU: 0.4,
              "wait/io/table/sql/handler": 0.2,
            },
          },
          {
            sql: "SELECT DISTINCT `campaign` FROM `visits` WHERE `site_id` = ?",
            waits: { "wait/io/file/temptable/physical_disk": 0.9, CPU: 0.2 },
          },
        ],
        { dashboards: 8.8, collector: 0.3 },
      ),
      alarm: above("DBLoad", 6, [8.8, 9.4, 9.1], since - 5),
      way: "probe-failed",
    };
  },
});
