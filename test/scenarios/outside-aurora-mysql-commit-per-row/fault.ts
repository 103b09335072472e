import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["fleet-writer", "fleet-reader"] as const;
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "fleet",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "64 loaders catch up with readings, each row a commit of its own: everybody's commits take 13 ms where they took 2",
  world: (dice) => {
    const flushing = dice.number(59, 62);
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("fleet", ids, { Engine: "aurora-mysql", EngineVersion: of.EngineVersion }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 206, cpu: 29, iops: 700 }),
        CPUUtilization: steps(29, 66, 38),
        DatabaseConnections: steps(206, 271, 38),
        CommitThroughput: steps(640, 5150, 38),
        CommitLatency: steps(2.3, 12.8, 38),
        DMLLatency: steps(1.4, 11.9, 38),
        Queries: steps(3900, 8300, 38),
        WriteIOPS: steps(420, 5600, 38),
        WriteThroughput: steps(4.1e6, 27e6, 38),
        NetworkReceiveThroughput: steps(1.9e6, 6.4e6, 38),
        RollbackSegmentHistoryListLength: steps(140, 1900, 38),
        AuroraReplicaLagMaximum: steps(17, 46, 38),
        DBLoad: steps(2.3, flushing + 12.4, 38),
        DBLoadCPU: steps(1.8, 5.9, 38),
        DBLoadNonCPU: steps(0.5, flushing + 6.5, 38),
        ...calmReader(ids[1], 64),
        [`${ids[1]}/AuroraReplicaLag`]: steps(17, 46, 38),
        VolumeBytesUsed: usual(870 * 1024 ** 3),
      },
      events: [],
      load: loadOf(
        {
          "io/redo_log_flush": flushing + 4.7,
          CPU: 5.9,
          "io/aurora_respond_to_client": 1.1,
          "synch/mutex/innodb/trx_sys_mutex": 0.7,
        },
        [
          {
            sql: "INSERT INTO `device_readings` ( `device_id` , `at` , `speed` , `fuel` ) VALUES (...)",
            waits: { "io/redo_log_flush": flushing, CPU: 2.4, "synch/mutex/innodb/trx_sys_mutex": 0.6 },
          },
          {
            sql: "UPDATE `trips` SET `last_position` = ? WHERE `id` = ?",
            waits: { "io/redo_log_flush": 4.4, CPU: 0.8 },
          },
          {
            sql: "SELECT * FROM `drivers` WHERE `company_id` = ?",
            waits: { CPU: 1.3, "io/aurora_respond_to_client": 0.8 },
          },
        ],
        { ingest: flushing + 3, portal: 9.4 },
      ),
      alarm: above("CommitLatency", 10, [11.7, 12.9, 12.6], 33),
      way: "probe-failed",
    };
  },
});
