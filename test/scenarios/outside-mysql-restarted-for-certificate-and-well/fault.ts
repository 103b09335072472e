import { calmRds } from "../support/outside/calm.ts";
import { during, gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { cutOff, inPart, notGranted } from "../support/outside/late-mysql.ts";
import {
  atWork,
  groupOf,
  nobodyWaits,
  ownGroup,
  ratesOf,
  serverOf,
} from "../support/outside/late-mysql-rows.ts";

const id = "booking-eu";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "It was started again for its new certificate fifty minutes ago, everybody has been back since; statistics begin anew",
  world: (dice) => {
    const up = dice.number(49, 54);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.42",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          CACertificateIdentifier: "rds-ca-rsa4096-g1",
          CertificateDetails: { CAIdentifier: "rds-ca-rsa4096-g1", ValidTill: ago(-60 * 24 * 365) },
        }),
      ],
      metrics: gapped(
        {
          ...withDays(
            calmRds({
              engine: "mysql",
              vcpus: 4,
              memoryGib: 32,
              freeGib: 188,
              connections: 210,
              cpu: 38,
              iops: 610,
            }),
          ),
          // Until the pool was warm.
          ReadIOPS: during(up - 1, up - 17, 980, 244),
          ReadLatency: during(up - 1, up - 17, 0.0012, 0.0007),
        },
        up + 1,
        up,
      ),
      events: [
        told(id, up + 1.5, "availability", "DB instance shutdown"),
        told(id, up, "availability", "DB instance restarted"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(up + 4).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "m.okafor",
          detail: `dBInstanceIdentifier=${id} cACertificateIdentifier=rds-ca-rsa4096-g1 applyImmediately=true`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 1.1, "wait/io/table/sql/handler": 0.2, "wait/io/file/sql/binlog": 0.1 },
        [
          {
            sql: "SELECT * FROM `rooms` WHERE `hotel_id` = ? AND `day` BETWEEN ? AND ?",
            waits: { CPU: 0.5, "wait/io/table/sql/handler": 0.1 },
          },
          { sql: "SELECT * FROM `rates` WHERE `room_id` = ?", waits: { CPU: 0.3 } },
          { sql: "INSERT INTO `holds` VALUES (...)", waits: { CPU: 0.2, "wait/io/file/sql/binlog": 0.1 } },
        ],
        { booking_web: 1.1, channel_sync: 0.3 },
      ),
      alarm: { ...below("DatabaseConnections", 20, [3], up - 1, "Minimum"), state: "OK" },
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.42",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.42", up * 60, 2600)],
          "mysql-metadata-locks": [nobodyWaits],
          "mysql-connections": [
            groupOf("booking_web", "10.4.18.23", "idle", 121, [1.3, 26], { application: "booking-web" }),
            groupOf("channel_sync", "10.4.33.9", "idle", 84, [2.6, 48], { application: "channel-sync" }),
            groupOf("booking_web", "10.4.18.23", "active", 3, [0.01, 0.04], { application: "booking-web" }),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(
              4411,
              "booking_web",
              0.04,
              "executing",
              "SELECT * FROM rooms WHERE hotel_id = ? AND day BETWEEN ? AND ?",
            ),
          ],
          "mysql-row-locks": [nobodyWaits],
          "mysql-wait-profile": notGranted("events_waits_current"),
          "mysql-oldest-transaction": [],
          "mysql-innodb-rates": [
            ratesOf(up * 60, { threads: { running: 3, connected: 209, connectedBefore: 209, maxUsed: 238 } }),
          ],
        },
        rest: cutOff,
      }),
    };
  },
});
