import { calmRds } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "flip-api-db";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "RDS rotated the managed master secret on its day; the tasks read the password once at their start and cannot sign in again as their pool recycles",
  world: (dice) => {
    const rotated = dice.number(47, 52);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 8,
        freeGib: 61,
        connections: 58,
        cpu: 31,
        iops: 260,
      }),
    );
    const fades = (name: string, to: number) => {
      const before = calm[name];
      return (ago: number) => {
        const was = before?.(ago) ?? 0;
        return ago > rotated ? was : Math.max(to, was * Math.max(0, 1 - (rotated - ago) / 32));
      };
    };
    const refused = (from: number, apart: number, host: string) =>
      everySoOften({ from, to: 1, apart }, { host, user: "dbadmin", database: "flip" }, [
        'FATAL:  password authentication failed for user "dbadmin"',
        'DETAIL:  Connection matched file "/rdsdbdata/config/pg_hba.conf" line 15: "hostssl all all all md5"',
      ]);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 100,
          DBName: "flip",
          MasterUserSecret: {
            SecretArn:
              "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-4f0a81d2-2d4e-4f7c-9a40-8d6f2a7b11c3-Qx8LmZ",
            SecretStatus: "active",
            KmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/0e1b7f62-9a3c-4a02-9b54-2d1f62b8a7c0",
          },
        }),
      ],
      metrics: {
        ...calm,
        DatabaseConnections: fades("DatabaseConnections", 4),
        CPUUtilization: fades("CPUUtilization", 4.2),
        ReadIOPS: fades("ReadIOPS", 3),
        WriteIOPS: fades("WriteIOPS", 6),
        NetworkReceiveThroughput: fades("NetworkReceiveThroughput", 21_000),
        NetworkTransmitThroughput: fades("NetworkTransmitThroughput", 48_000),
        DBLoad: fades("DBLoad", 0.02),
        DBLoadCPU: fades("DBLoadCPU", 0.02),
        DBLoadNonCPU: fades("DBLoadNonCPU", 0),
        DiskQueueDepth: fades("DiskQueueDepth", 0.01),
      },
      events: [told(id, rotated, "configuration change", "Reset master credentials"), ...nightlyBackup(id)],
      load: loadOf({ CPU: 0.02 }, [], { rdsadmin: 0.02 }),
      logs: [
        errorLog(
          [
            logged(
              rotated + 3,
              { pid: 488 },
              "LOG:  checkpoint complete: wrote 412 buffers (0.2%); 0 WAL file(s) added, 0 removed, 1 recycled; write=41.310 s, sync=0.004 s, total=41.322 s; sync files=61, longest=0.002 s, average=0.001 s; distance=10240 kB, estimate=14801 kB",
            ),
            ...refused(rotated - 5, 0.5, "10.20.4.117"),
          ],
          1,
        ),
      ],
      way: "probe-failed",
    };
  },
});
