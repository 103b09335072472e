import { calmRds } from "../support/outside/calm.ts";
import { moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "claims-db";

function refused(minutes: number, port: number): string {
  const at = ago(minutes).toISOString().slice(0, 19).replace("T", " ");
  const whom = `${at} UTC:10.31.${port % 5}.18(${port}):app_rw@claims:[${port - 29_000}]:`;
  return `${whom}FATAL:  password authentication failed for user "app_rw"\n${whom}DETAIL:  Connection matched file "/rdsdbdata/config/pg_hba.conf" line 13: "hostssl all all all md5"`;
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A password was rotated and the pools keep the old one: as their sessions grow old none comes back, 11 of 96 are left",
  world: (dice) => {
    const port = dice.number(40_000, 46_000);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.m6g.xlarge",
          MasterUsername: "app_rw",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 88,
          connections: 96,
          cpu: 33,
          iops: 420,
        }),
        DatabaseConnections: moves(96, 11, 34),
        CPUUtilization: moves(33, 7, 34),
        ReadIOPS: moves(168, 24, 34),
        WriteIOPS: moves(252, 41, 34),
        DBLoad: moves(1.3, 0.2, 34),
        DBLoadCPU: moves(1, 0.2, 34),
        DBLoadNonCPU: moves(0.3, 0.03, 34),
      },
      events: [
        told(id, 41, "configuration change", "The DB instance has had its master credentials reset"),
        ...nightlyBackup(id),
      ],
      logs: [
        {
          file: "error/postgresql.log",
          kind: "error",
          lastWrittenAt: ago(1).toISOString(),
          truncated: true,
          text: Array.from({ length: 36 }, (_, index) => refused(12 - index * 0.3, port + index * 17)).join(
            "\n",
          ),
        },
      ],
      changes: [
        {
          at: ago(42).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "secrets-rotation",
          detail: `dBInstanceIdentifier=${id}, applyImmediately=true`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.3, "IO:WALSync": 0.1 },
        [{ sql: "SELECT * FROM claims WHERE id = $1", waits: { CPU: 0.2 } }],
        { app_rw: 0.4 },
      ),
      alarm: below("DatabaseConnections", 20, [19, 16, 14], 1),
      way: "probe-failed",
    };
  },
});
