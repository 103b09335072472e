import { calmRds } from "../support/outside/calm.ts";
import { gapped, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { groupOf, nobodyWaits, ownGroup, ratesOf, serverOf } from "../support/outside/late-mysql-rows.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "ledger-maria";
const version = "11.8.3-MariaDB-log";

const setting = (name: string, value: string, source: "default" | "configuration-file") => ({
  name,
  state: "set",
  value,
  bytes: null,
  seconds: null,
  source,
  path: null,
  changedAt: null,
  changedBy: null,
  goneSince: null,
  replacedBy: null,
});

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Since the upgrade to 11.8 the server takes TLS alone, and all the services that speak plainly are away; the responder gets in",
  world: (dice) => {
    const up = dice.number(39, 43);
    const knocks = Array.from({ length: 90 }, (_, n) =>
      mariadbErrorLine(
        15 - n / 6,
        2204 + n * 11,
        `[Warning] Aborted connection ${2204 + n * 11} to db: 'unconnected' user: 'unauthenticated' host: '10.4.${n % 2 === 0 ? "18.23" : "33.9"}' (This connection closed normally without authentication)`,
      ),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "11.8.3",
          DBInstanceClass: "db.r6g.large",
          AllocatedStorage: 250,
          DBParameterGroups: [
            { DBParameterGroupName: "default.mariadb11.8", ParameterApplyStatus: "in-sync" },
          ],
        }),
      ],
      metrics: gapped(
        {
          ...withDays(
            calmRds({
              engine: "mariadb",
              vcpus: 2,
              memoryGib: 16,
              freeGib: 104,
              connections: 164,
              cpu: 36,
              iops: 390,
            }),
          ),
          CPUUtilization: steps(36, 5, up + 9),
          DatabaseConnections: steps(164, 7, up + 9),
          ReadIOPS: steps(156, 11, up + 9),
          WriteIOPS: steps(234, 24, up + 9),
          ReadThroughput: steps(2.8e6, 0.2e6, up + 9),
          WriteThroughput: steps(4.9e6, 0.4e6, up + 9),
          DiskQueueDepth: steps(0.5, 0.04, up + 9),
          NetworkTransmitThroughput: steps(5.1e6, 0.2e6, up + 9),
          NetworkReceiveThroughput: steps(1.5e6, 0.1e6, up + 9),
          DBLoad: steps(0.9, 0.05, up + 9),
          DBLoadCPU: steps(0.6, 0.04, up + 9),
          DBLoadNonCPU: steps(0.3, 0.01, up + 9),
        },
        up + 8,
        up,
      ),
      events: [
        told(id, up + 11, "backup", "Backing up DB instance"),
        told(id, up + 9, "availability", "DB instance shutdown"),
        told(id, up, "availability", "DB instance restarted"),
        told(id, up - 1, "maintenance", "Database instance patched"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { Sleep: 0.01, "Sending data": 0.04 },
        [
          {
            sql: "SELECT COUNT ( * ) FROM `outbox` WHERE `sent_at` IS NULL",
            waits: { "Sending data": 0.04 },
          },
        ],
        { outbox_relay: 0.05 },
      ),
      changes: [
        {
          at: ago(up + 13).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "p.novak",
          detail: `dBInstanceIdentifier=${id} engineVersion=11.8.3 allowMajorVersionUpgrade=true applyImmediately=true`,
          error: null,
        },
      ],
      logs: [mysqlErrorLog(knocks, 0.4)],
      alarm: below("DatabaseConnections", 20, [7, 7, 6], up - 6),
      way: "probe-failed",
      inPart: inPart({
        version,
        major: 11.8,
        answers: {
          "mysql-server": [serverOf(version, up * 60, 630)],
          "mysql-metadata-locks": notRecorded,
          "mysql-connections": [
            groupOf("outbox_relay", "10.4.40.8", "idle", 2, [1.4, 3]),
            groupOf("rdsadmin", "localhost", "idle", 2, [4, 9]),
            ownGroup,
          ],
          "mysql-sessions": [],
          "mariadb-row-locks": [nobodyWaits],
          "mysql-innodb-rates": [
            ratesOf(up * 60, {
              statementsPerSecond: 9,
              commitsPerSecond: 0.4,
              threads: { running: 1, connected: 5, connectedBefore: 5, maxUsed: 9 },
              connectionsPerSecond: 11,
              abortedConnectsPerSecond: 10.6,
              abortedBeforeSignInPerSecond: 10.6,
            }),
          ],
          "mysql-settings": [
            setting("max_connections", "630", "default"),
            setting("require_secure_transport", "ON", "default"),
          ],
        },
        rest: notRecorded,
      }),
    };
  },
});
