import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { inPart, notGranted } from "../support/outside/late-mysql.ts";
import { followsOf } from "../support/outside/late-mysql-more.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { poolOn } from "../support/outside/mysql-queues.ts";
import { jumps } from "../support/outside/server-stopped.ts";

const replica = "claims-read";
const source = "claims-prod";
const stopped = 33;
const of = {
  Engine: "mysql",
  EngineVersion: "8.0.39",
  DBInstanceClass: "db.m6g.large",
  AllocatedStorage: 250,
};

const refused =
  "Got fatal error 1236 from source when reading data from binary log: 'log event entry exceeded max_allowed_packet; Increase max_allowed_packet on source; the first event 'mysql-bin-changelog.092144' at 40118822, the last event read from '/rdsdbdata/log/binlog/mysql-bin-changelog.092144' at 126, the last byte read from '/rdsdbdata/log/binlog/mysql-bin-changelog.092144' at 40118841.'";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A scanned file of 90 MB was stored in one row, which the source may not send; its replica stands since then",
  world: (dice) => {
    const seconds = stopped * 60 + dice.number(4, 40);
    return {
      instances: [
        instanceOf(replica, {
          ...of,
          PerformanceInsightsEnabled: false,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [
            {
              StatusType: "read replication",
              Normal: false,
              Status: "error",
              Message: `Replica IO error: 1236: ${refused}`,
            },
          ],
        }),
        instanceOf(source, {
          ...of,
          PerformanceInsightsEnabled: false,
          ReadReplicaDBInstanceIdentifiers: [replica],
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 104,
            connections: 58,
            cpu: 24,
            iops: 330,
          }),
        ),
        ReplicaLag: jumps(0, stopped, -1),
        // Nothing is applied any more, only read.
        WriteIOPS: steps(198, 14, stopped),
        WriteThroughput: steps(4.1e6, 0.25e6, stopped),
        CPUUtilization: steps(24, 17, stopped),
        [`${source}/CPUUtilization`]: steps(37, 37, stopped),
        [`${source}/DatabaseConnections`]: steps(131, 133, stopped),
        [`${source}/WriteIOPS`]: steps(260, 264, stopped),
        [`${source}/WriteThroughput`]: steps(5.6e6, 5.7e6, stopped),
      }),
      events: [
        told(replica, stopped - 1, "read replica", "Replication has stopped."),
        ...nightlyBackup(source),
      ],
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              stopped,
              9,
              `[ERROR] [MY-010557] [Repl] Error reading packet from server for channel '': log event entry exceeded max_allowed_packet (server_errno=1236)`,
            ),
            mysqlErrorLine(
              stopped,
              9,
              `[ERROR] [MY-013114] [Repl] Replica I/O for channel '': ${refused}, Error_code: MY-013114`,
            ),
          ],
          stopped,
        ),
      ],
      load: null,
      alarm: below("ReplicaLag", 0, [-1, -1, -1], 28),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.39",
        major: 8,
        answers: {
          "mysql-server": [
            {
              ...serverOf("8.0.39", 5_208_810, 640),
              writable: false,
              readOnlyBecause: "read_only is on: a replica, or somebody set it",
            },
          ],
          "mysql-metadata-locks": [nobodyWaits],
          "mysql-row-locks": [nobodyWaits],
          "mysql-connections": [
            ...poolOn("claims_ro", { "10.4.18.23": 26, "10.4.33.9": 27 }, 2.2, 51),
            groupOf("claims_ro", "10.4.33.9", "active", 4, [0.01, 0.2]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(40_210, "claims_ro", 0.2, "executing", "SELECT * FROM claims WHERE policy_id = ?"),
          ],
          "mysql-replication": [
            followsOf({
              receiver: "stopped",
              receiverState: null,
              applierState: "Replica has read all relay log; waiting for more updates",
              lagSeconds: null,
              lagUnknownBecause: "the receiver does not run",
              lagBeyondDelaySeconds: null,
              errors: [
                {
                  thread: "receiver",
                  number: 13114,
                  message: refused,
                  at: new Date(Date.now() - seconds * 1000).toISOString(),
                },
              ],
              fetchedTo: "mysql-bin-changelog.092144:40118822",
              appliedTo: "mysql-bin-changelog.092144:40118822",
            }),
          ],
        },
        rest: notGranted("global_status"),
      }),
    };
  },
});
