import { calmRds } from "../support/outside/calm.ts";
import { type Curve, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "tenants-db";

/** Restarted 16 minutes ago. */
function sinceRestart(curve: Curve): Curve {
  return (ago) => (ago <= 17 && ago >= 16 ? null : curve(ago));
}

function refused(minutes: number, port: number): string {
  const at = ago(minutes).toISOString().slice(0, 19).replace("T", " ");
  return `${at} UTC:10.8.${port % 6}.77(${port}):[unknown]@[unknown]:[${port - 30_000}]:LOG:  could not accept SSL connection: tlsv1 alert unknown ca`;
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The server has a certificate of another authority since a restart, and clients that do not know it turn away: 4 of 140 are there",
  world: (dice) => {
    const port = dice.number(42_000, 48_000);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "13.20",
          DBInstanceClass: "db.m5.xlarge",
          MultiAZ: true,
          CACertificateIdentifier: "rds-ca-ecc384-g1",
          CertificateDetails: { CAIdentifier: "rds-ca-ecc384-g1", ValidTill: ago(-60 * 24 * 365) },
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 77,
          connections: 140,
          cpu: 34,
          iops: 460,
        }),
        DatabaseConnections: sinceRestart(steps(140, 4, 16)),
        CPUUtilization: sinceRestart(steps(34, 5, 16)),
        ReadIOPS: sinceRestart(steps(184, 7, 16)),
        WriteIOPS: sinceRestart(steps(276, 12, 16)),
        DBLoad: sinceRestart(steps(1.3, 0.05, 16)),
        DBLoadCPU: sinceRestart(steps(1, 0.05, 16)),
        DBLoadNonCPU: sinceRestart(steps(0.3, 0.01, 16)),
        FreeableMemory: sinceRestart(steps(3.5 * 1024 ** 3, 8.9 * 1024 ** 3, 16)),
      },
      events: [
        told(id, 16, "availability", "DB instance restarted"),
        told(id, 17, "availability", "DB instance shutdown"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(19).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "platform-admin",
          detail: `dBInstanceIdentifier=${id}, cACertificateIdentifier=rds-ca-ecc384-g1, applyImmediately=true`,
          error: null,
        },
      ],
      logs: [
        {
          file: "error/postgresql.log",
          kind: "error",
          lastWrittenAt: ago(1).toISOString(),
          truncated: true,
          text: Array.from({ length: 60 }, (_, index) => refused(13 - index * 0.2, port + index * 11)).join(
            "\n",
          ),
        },
      ],
      load: loadOf({ CPU: 0.05 }, [{ sql: "SELECT $1", waits: { CPU: 0.03 } }], { monitoring: 0.05 }),
      alarm: below("DatabaseConnections", 20, [4, 4, 4], 12),
      way: "probe-failed",
    };
  },
});
