import { calmRds, calmReader, withoutInsights } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { followsOf } from "../support/outside/late-mysql-more.ts";
import {
  atWork,
  groupOf,
  nobodyWaits,
  ownGroup,
  ratesOf,
  serverOf,
} from "../support/outside/late-mysql-rows.ts";

const id = "plant-telemetry-ro";
const source = "plant-telemetry";
const version = "10.6.19-MariaDB-log";
const applying = "Delete_rows_log_event::find_row(-1) on table `sensor_archive`";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A delete of the source is applied row by row to a table without a key; only the replica answers, and it says what it is at",
  world: (dice) => {
    const minutes = dice.number(80, 84);
    const lag = minutes * 60 - 35;
    const of = {
      Engine: "mariadb",
      EngineVersion: "10.6.19",
      AllocatedStorage: 600,
      Iops: 12_000,
      StorageThroughput: 500,
      PerformanceInsightsEnabled: false,
    } as const;
    return {
      instances: [
        instanceOf(id, {
          ...of,
          DBInstanceClass: "db.r6g.xlarge",
          BackupRetentionPeriod: 0,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
        }),
        instanceOf(source, {
          ...of,
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [id],
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 4,
            memoryGib: 32,
            freeGib: 231,
            connections: 41,
            cpu: 12,
            iops: 820,
          }),
        ),
        ...calmReader(source, 32),
        [`${source}/WriteIOPS`]: usual(610),
        [`${source}/WriteThroughput`]: usual(8.8e6),
        ReplicaLag: Object.assign((ago: number) => (ago > minutes ? 1 : (minutes - ago) * 60), { rough: 0 }),
        // One thread of four vCPUs searches; nothing else is applied meanwhile.
        CPUUtilization: steps(12, 32, minutes),
        WriteIOPS: steps(490, 41, minutes),
        WriteThroughput: steps(8.2e6, 1.4e6, minutes),
        NetworkReceiveThroughput: usual(1.2e6),
      }),
      events: nightlyBackup(source),
      load: null,
      alarm: above("ReplicaLag", 900, [961, 1021, 1080], minutes - 18, "Maximum"),
      way: "probe-failed",
      inPart: inPart({
        version,
        major: 10.6,
        answers: {
          "mysql-server": [
            { ...serverOf(version, 8_120_331, 2600), writable: false, readOnlyBecause: "read_only is on" },
          ],
          "mysql-connections": [
            groupOf("grafana", "10.4.18.23", "idle", 22, [9, 55]),
            groupOf("grafana", "10.4.18.23", "active", 1, [0.2, 0.2]),
            groupOf("quality_app", "10.4.33.9", "idle", 15, [31, 204]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(13, "system user", lag, applying, "DELETE FROM sensor_archive WHERE batch_id = ?", {
              client: null,
              database: "plant",
              kind: "replication",
            }),
            atWork(
              90_331,
              "grafana",
              0.2,
              "Sending data",
              "SELECT AVG(value) FROM sensor_minutes WHERE sensor_id = ? AND at > ?",
            ),
          ],
          "mariadb-row-locks": [nobodyWaits],
          "mysql-oldest-transaction": [],
          "mysql-xa-transactions": [],
          "mysql-innodb-rates": [
            ratesOf(8_120_331, {
              statementsPerSecond: 61,
              commitsPerSecond: 0,
              rowsScannedPerSecond: 1_730_000,
              rowsByKeyPerSecond: 900,
              threads: { running: 2, connected: 41, connectedBefore: 41, maxUsed: 66 },
            }),
          ],
          "mariadb-replication": [
            followsOf({
              applierState: applying,
              lagSeconds: lag,
              lagBeyondDelaySeconds: lag,
              unappliedTransactions: 402_118,
              gtidFetched: "0-1482019-91822714",
              gtidApplied: "0-1482019-91420596",
              relayLogBytes: 5_640_000_000,
              fetchedTo: "mysql-bin-changelog.091221:88210044",
              appliedTo: "mysql-bin-changelog.091204:1093311",
            }),
          ],
        },
        rest: notRecorded,
      }),
    };
  },
});
