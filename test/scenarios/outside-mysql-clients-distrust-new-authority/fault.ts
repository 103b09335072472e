import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "wholesale-db";
const restarted = 38;

/** Clients hang up in the middle of TLS, about four a second; the log has the last ones. */
function hungUp(): string[] {
  return Array.from({ length: 40 }, (_, n) => {
    const thread = 8_812 + n;
    const host = n % 3 === 0 ? "10.4.33.9" : "10.4.18.23";
    return mysqlErrorLine(
      0.4 - n * 0.004,
      thread,
      `[Note] [MY-010914] [Server] Aborted connection ${thread} to db: 'unconnected' user: 'unauthenticated' host: '${host}' (Got an error reading communication packets).`,
    );
  });
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The server has a certificate of another authority since 38 min; most services do not trust it and stay away",
  world: (dice) => {
    const left = dice.number(43, 47);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m5.large",
          AllocatedStorage: 150,
          PerformanceInsightsEnabled: false,
          CACertificateIdentifier: "rds-ca-rsa4096-g1",
          CertificateDetails: { CAIdentifier: "rds-ca-rsa4096-g1", ValidTill: ago(-60 * 24 * 365) },
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 64,
            connections: 214,
            cpu: 41,
            iops: 420,
          }),
        ),
        DatabaseConnections: steps(214, left, restarted),
        ConnectionAttempts: steps(26, 262, restarted),
        CPUUtilization: steps(41, 12, restarted),
        ReadIOPS: steps(168, 24, restarted),
        WriteIOPS: steps(252, 39, restarted),
        ReadThroughput: steps(3e6, 0.5e6, restarted),
        WriteThroughput: steps(5.3e6, 0.9e6, restarted),
        DiskQueueDepth: steps(0.5, 0.08, restarted),
        NetworkReceiveThroughput: steps(1.9e6, 0.42e6, restarted),
        NetworkTransmitThroughput: steps(6.6e6, 1.1e6, restarted),
      }),
      events: [
        told(id, restarted, "availability", "DB instance restarted"),
        told(id, restarted + 0.6, "availability", "DB instance shutdown"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(restarted + 2).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "arn:aws:sts::123456789012:assumed-role/platform-admin/m.berg",
          detail:
            "dBInstanceIdentifier=wholesale-db, cACertificateIdentifier=rds-ca-rsa4096-g1, applyImmediately=true",
          error: null,
        },
      ],
      logs: [mysqlErrorLog(hungUp(), 0.2)],
      load: null,
      alarm: below("DatabaseConnections", 100, [52, 47, 46, 46, 45], 31),
      way: "probe-failed",
    };
  },
});
