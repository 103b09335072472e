import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { gapped, moves, steps, usual, withDays } from "../support/outside/curves.ts";
import { daysApart } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const cluster = "fleet-state";
const [writer, reader] = ["fleet-state-a", "fleet-state-b"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.06.0",
  DBInstanceClass: "db.r7g.xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Purge has not kept up for days, the undo tablespaces have no room for another segment: writes are refused and the writer restarted itself (real: a question to AWS of April 2025)",
  world: (dice) => {
    const since = dice.number(26, 30);
    const restart = since - 12;
    const full = (minutes: number, table: string) =>
      mysqlErrorLine(minutes, 41_205 + minutes, `[ERROR] [MY-013132] [Server] The table '${table}' is full!`);
    const undo = (minutes: number) => [
      mysqlErrorLine(minutes, 0, "[ERROR] [MY-012814] [InnoDB] No more space left in undo tablespace"),
      mysqlErrorLine(
        minutes,
        0,
        "[ERROR] [MY-011980] [InnoDB] Could not allocate undo segment slot for persisting GTID. DB Error: 14",
      ),
    ];
    const metrics = gapped(
      {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 208, cpu: 46, iops: 700 }),
        ),
        RollbackSegmentHistoryListLength: daysApart(moves(58.1e6, 59.6e6, 240), 49e6, 210e3),
        CommitThroughput: steps(610, 38, since),
        CommitLatency: steps(2.9, 6.4, since),
        DMLLatency: steps(4.1, 61, since),
        Queries: steps(3900, 1450, since),
        CPUUtilization: steps(46, 29, since),
        DatabaseConnections: steps(208, 233, since - 4),
        DBLoad: steps(2.4, 5.1, since),
        DBLoadCPU: steps(1.5, 1.1, since),
        DBLoadNonCPU: steps(0.9, 4, since),
        EngineUptime: (ago) => (ago > restart ? 63 * 86_400 - ago * 60 : (restart - ago) * 60),
      },
      restart + 1,
      restart - 1,
    );
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: like.Engine,
        EngineVersion: like.EngineVersion,
      }),
      metrics: { ...metrics, ...calmReader(reader, 32), VolumeBytesUsed: usual(1.9e12) },
      events: [
        told(writer, restart - 1, "availability", "DB instance restarted"),
        told(writer, restart, "availability", "DB instance shutdown"),
        ...nightlyBackup(writer),
      ],
      logs: [
        mysqlErrorLog(
          [
            ...undo(since),
            full(since - 1, "device_positions"),
            full(since - 3, "device_positions"),
            mysqlErrorLine(since - 5, 0, "[ERROR] [MY-013132] [Server] The table 'rds_heartbeat2' is full!"),
            ...undo(since - 7),
            mysqlErrorLine(
              restart - 1,
              0,
              "[System] [MY-010931] [Server] /rdsdbbin/oscar/bin/mysqld: ready for connections. Version: '8.0.34'  socket: '/tmp/mysql.sock'  port: 3306  Source distribution.",
            ),
            ...undo(restart - 4),
            full(restart - 5, "device_positions"),
            full(restart - 8, "device_positions"),
            ...undo(3),
            full(2, "device_positions"),
          ],
          2,
        ),
      ],
      load: loadOf(
        { "io/table/sql/handler": 3.4, cpu: 1.1, "io/aurora_redo_log_flush": 0.5 },
        [
          {
            sql: "INSERT INTO device_positions (device_id, lat, lon, seen_at) VALUES (?) ON DUPLICATE KEY UPDATE lat = ?, lon = ?, seen_at = ?",
            waits: { "io/table/sql/handler": 3.1, cpu: 0.4 },
          },
          { sql: "SELECT lat, lon FROM device_positions WHERE device_id = ?", waits: { cpu: 0.5 } },
        ],
        { ingest: 3.8, api: 1.2 },
      ),
      alarm: below("CommitThroughput", 120, [41.2, 37.7, 36.4], since - 3),
      way: "probe-failed",
    };
  },
});
