import { calmRds } from "../support/outside/calm.ts";
import { even, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { jumps, serverSilent } from "../support/outside/server-stopped.ts";

const id = "dashboards-metadata";
const gone = 174;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A major upgrade shut the server down and takes its snapshot before upgrading: minutes on each rehearsal, hours here; nothing to do but wait",
  world: (dice) => {
    const asked = dice.number(212, 216);
    const before = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 8,
        memoryGib: 32,
        freeGib: 1240,
        connections: 233,
        cpu: 36,
        iops: 1400,
      }),
    );
    const left = (pid: number, host: string) => ({ pid, host, user: "superset", database: "meta" });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.15",
          DBInstanceClass: "db.m6g.2xlarge",
          DBInstanceStatus: "upgrading",
          MultiAZ: true,
          AllocatedStorage: 3000,
          Iops: 12_000,
          StorageThroughput: 500,
          PendingModifiedValues: { EngineVersion: "17.5" },
        }),
      ],
      metrics: {
        ...serverSilent(before, gone),
        CPUUtilization: steps(36, 4.1, gone),
        DatabaseConnections: jumps(233, gone, 0),
        ReadIOPS: steps(560, 182, gone),
        ReadThroughput: steps(10e6, 45.4e6, gone),
        WriteIOPS: steps(840, 1.6, gone),
        WriteThroughput: steps(17e6, 21_000, gone),
        ReadLatency: usual(0.0009),
        DiskQueueDepth: steps(1.7, 0.2, gone),
        FreeStorageSpace: even(usual(1240 * 1024 ** 3)),
      },
      events: [
        told(id, gone - 1, "backup", "Backing up DB instance"),
        told(id, gone, "maintenance", "The downtime started for the DB instance."),
        told(id, gone + 1, "maintenance", "The pre-check finished for the DB engine version upgrade."),
        told(id, asked - 1, "maintenance", "The pre-check started for the DB engine version upgrade."),
        ...nightlyBackup(id),
      ],
      load: [],
      logs: [
        errorLog(
          [
            logged(gone + 3, { pid: 402 }, "LOG:  checkpoint starting: time"),
            logged(gone, { pid: 391 }, "LOG:  received fast shutdown request"),
            logged(gone, { pid: 391 }, "LOG:  aborting any active transactions"),
            ...[21_077, 21_091, 21_144].map((pid, index) =>
              logged(
                gone,
                left(pid, `10.8.14.${31 + index}(${50_112 + index})`),
                "FATAL:  terminating connection due to administrator command",
              ),
            ),
            logged(gone, { pid: 402 }, "LOG:  shutting down"),
            logged(gone, { pid: 391 }, "LOG:  database system is shut down"),
          ],
          gone,
        ),
      ],
      changes: [
        {
          at: ago(asked).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "m.okafor",
          detail: `dBInstanceIdentifier=${id}, engineVersion=17.5, allowMajorVersionUpgrade=true, dBParameterGroupName=pg17-${id}, applyImmediately=true`,
          error: null,
          before: { engineVersion: "14.15" },
        },
        {
          at: ago(2960).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "AddTagsToResource",
          by: "terraform",
          detail: `resourceName=arn:aws:rds:eu-central-1:123456789012:db:${id}, tags=[{"key":"cost-center","value":"4410"}]`,
          error: null,
        },
      ],
      alarm: below("DatabaseConnections", 5, [0, 0, 0], gone - 4),
      way: "refused",
    };
  },
});
