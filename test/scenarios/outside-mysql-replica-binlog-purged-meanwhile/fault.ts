import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";
import { deadlineOfAll, inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { followsOf } from "../support/outside/late-mysql-more.ts";
import { atWork, groupOf, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const replica = "policies-ro";
const source = "policies";
const missing =
  "Got fatal error 1236 from source when reading data from binary log: 'Could not find first log file name in binary log index file'";
const pi = { PerformanceInsightsEnabled: false };

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A replica was stopped for a dump since yesterday; started again it asks for a binary log that its source has purged",
  world: (dice) => {
    const minutes = dice.number(10, 14);
    const stopped = 26 * 60;
    const event = told(replica, minutes, "read replica", "Replication has stopped.");
    return {
      instances: [
        instanceOf(replica, {
          ...pi,
          Engine: "mysql",
          EngineVersion: "8.0.40",
          BackupRetentionPeriod: 0,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: false, Status: "error", Message: missing }],
        }),
        instanceOf(source, {
          ...pi,
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [replica],
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({
              engine: "mysql",
              vcpus: 2,
              memoryGib: 16,
              freeGib: 61,
              connections: 38,
              cpu: 33,
              iops: 260,
            }),
          ),
        ),
        CPUUtilization: steps(33, 66, 55),
        ReplicaLag: (ago) => (ago > stopped ? 0 : -1),
        WriteIOPS: (ago) => (ago > stopped ? 150 : 11),
        [`${source}/CPUUtilization`]: usual(27),
        [`${source}/DatabaseConnections`]: usual(150),
        [`${source}/FreeStorageSpace`]: usual(74 * 1024 ** 3),
        [`${source}/WriteIOPS`]: usual(310),
      },
      events: [
        event,
        told(replica, minutes + 2, "read replica", "Replication has resumed."),
        told(replica, stopped, "read replica", "Replication has stopped."),
        ...nightlyBackup(source),
      ],
      load: null,
      notice: notice("RDS-EVENT-0045", event),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.40",
        major: 8,
        answers: {
          "mysql-server": [
            { ...serverOf("8.0.40", 6_911_204, 1365), writable: false, readOnlyBecause: "read_only is on" },
          ],
          "mysql-metadata-locks": notRecorded,
          "mysql-connections": [
            groupOf("reporting", "10.4.18.23", "idle", 29, [14, 240]),
            groupOf("reporting", "10.4.18.23", "active", 3, [41, 118]),
            groupOf("bi_reader", "10.4.33.9", "idle", 6, [70, 900]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(
              71_204,
              "reporting",
              118,
              "executing",
              "SELECT branch, SUM(premium) FROM policies WHERE begins_on >= ? GROUP BY branch",
            ),
            atWork(
              71_311,
              "reporting",
              41,
              "executing",
              "SELECT COUNT(*) FROM claims WHERE settled_at IS NULL",
            ),
            atWork(
              71_340,
              "reporting",
              9,
              "executing",
              "SELECT agent_id, COUNT(*) FROM policies GROUP BY agent_id",
            ),
          ],
          "mysql-row-locks": notRecorded,
          "mysql-wait-counters": [{ rowLockWaits: 0, threadsRunning: 4, tables: [] }],
          "mysql-oldest-transaction": [],
          "mysql-replication": [
            followsOf({
              source: "10.4.2.41:3306",
              receiver: "stopped",
              receiverState: null,
              applierState: "Replica has read all relay log; waiting for more updates",
              lagSeconds: null,
              lagUnknownBecause:
                "nothing is fetched: the receiver is stopped, so nobody knows how far ahead the source is",
              lagBeyondDelaySeconds: null,
              errors: [{ thread: "receiver", number: 13_114, message: missing, at: null }],
              relayLogBytes: 612,
              fetchedTo: "mysql-bin-changelog.204417:118820041",
              appliedTo: "mysql-bin-changelog.204417:118820041",
            }),
          ],
        },
        rest: deadlineOfAll,
      }),
    };
  },
});
