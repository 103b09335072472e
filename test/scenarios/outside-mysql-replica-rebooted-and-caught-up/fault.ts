import { calmRds } from "../support/outside/calm.ts";
import { type Curve, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { deadlineOfAll, inPart } from "../support/outside/late-mysql.ts";
import { followsOf } from "../support/outside/late-mysql-more.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const replica = "ledger-replica";
const source = "ledger-primary";
const engine = { Engine: "mysql", EngineVersion: "8.0.41", DBInstanceClass: "db.r6i.xlarge" };

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A replica was rebooted an hour ago for a parameter, was behind for some minutes and has long caught up",
  world: (dice) => {
    const rebooted = dice.number(52, 58);
    const behind: Curve = (ago) => {
      const since = rebooted - 3 - ago;
      if (since < 0 || since > 9) return 0;
      return since < 1 ? 190 : 240 - since * 26;
    };
    const served =
      (value: number): Curve =>
      (ago) =>
        ago <= rebooted && ago > rebooted - 2 ? null : usual(value)(ago);
    return {
      instances: [
        instanceOf(replica, {
          ...engine,
          ReadReplicaSourceDBInstanceIdentifier: source,
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...engine, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [replica] }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 32,
            freeGib: 88,
            connections: 72,
            cpu: 24,
            iops: 450,
          }),
        ),
        DatabaseConnections: served(72),
        CPUUtilization: served(24),
        ReplicaLag: behind,
        [`${source}/CPUUtilization`]: usual(29),
        [`${source}/DatabaseConnections`]: usual(130),
        [`${source}/WriteIOPS`]: usual(380),
      },
      events: [
        told(replica, rebooted - 2, "availability", "DB instance restarted"),
        told(replica, rebooted, "availability", "DB instance shutdown"),
        ...nightlyBackup(source),
      ],
      load: loadOf(
        { CPU: 0.74, "io/table/sql/handler": 0.2 },
        [
          {
            sql: "SELECT * FROM `entries` WHERE `account_id` = ? ORDER BY `booked_at` DESC LIMIT ?",
            waits: { CPU: 0.41, "io/table/sql/handler": 0.12 },
          },
          { sql: "SELECT `balance` FROM `accounts` WHERE `id` = ?", waits: { CPU: 0.33 } },
        ],
        { ledger_read: 0.94 },
      ),
      alarm: {
        ...above("ReplicaLag", 120, [190, 214, 188], rebooted - 6, "Maximum"),
        state: "OK",
      },
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.41",
        major: 8,
        answers: {
          "mysql-server": [
            {
              ...serverOf("8.0.41", (rebooted - 2) * 60, 2600),
              writable: false,
              readOnlyBecause: "read_only is on",
            },
          ],
          "mysql-metadata-locks": [nobodyWaits],
          "mysql-connections": [
            groupOf("ledger_read", "10.4.18.23", "idle", 44, [4, 61]),
            groupOf("ledger_read", "10.4.33.9", "idle", 26, [6, 58]),
            groupOf("ledger_read", "10.4.33.9", "active", 2, [0.02, 0.2]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(3_118, "ledger_read", 0.2, "executing", "SELECT balance FROM accounts WHERE id = ?"),
          ],
          "mysql-row-locks": [nobodyWaits],
          "mysql-replication": [
            followsOf({
              source: "10.4.2.60:3306",
              receiverState: "Waiting for source to send event",
              applierState: "Replica has read all relay log; waiting for more updates",
              relayLogBytes: 18_220,
              fetchedTo: "mysql-bin-changelog.031882:4410218",
              appliedTo: "mysql-bin-changelog.031882:4410218",
            }),
          ],
        },
        rest: deadlineOfAll,
      }),
    };
  },
});
