import { calmRds } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { deadlineOfAll, inPart } from "../support/outside/late-mysql.ts";
import { followsOf } from "../support/outside/late-mysql-more.ts";
import { groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const [source, copy] = ["grants-prod", "grants-delayed"];
const like = { Engine: "mysql", EngineVersion: "8.0.41", AllocatedStorage: 300 };
const delay = 3600;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A copy that is an hour behind on purpose, in case somebody deletes by mistake, under the new alarm that all copies got this morning",
  world: (dice) => {
    const fired = dice.number(6, 9);
    const calm = { engine: "mysql", vcpus: 2, freeGib: 130 } as const;
    const ofSource = withDays(calmRds({ ...calm, memoryGib: 16, connections: 96, cpu: 33, iops: 480 }));
    return {
      instances: [
        instanceOf(copy, {
          ...like,
          DBInstanceClass: "db.r6g.large",
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Normal: true, Status: "replicating" }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, {
          ...like,
          DBInstanceClass: "db.r6g.large",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [copy],
        }),
      ],
      metrics: {
        ...withDays(calmRds({ ...calm, memoryGib: 16, connections: 3, cpu: 14, iops: 300 })),
        ReplicaLag: Object.assign(() => delay, { rough: 0.001 }),
        ...Object.fromEntries(Object.entries(ofSource).map(([name, curve]) => [`${source}/${name}`, curve])),
      },
      events: nightlyBackup(source),
      changes: [
        {
          at: ago(60 * 26).toISOString(),
          source: "cloudtrail",
          subject: copy,
          what: "AddTagsToResource",
          by: "monitoring-rollout",
          detail: `resourceName=arn:aws:rds:eu-central-1:123456789012:db:${copy}, tags=[{"key":"alarms","value":"standard"}]`,
          error: null,
        },
      ],
      load: loadOf({ CPU: 0.1 }, [], { rdsadmin: 0.1 }),
      alarm: above("ReplicaLag", 60, [3600, 3600, 3601], fired),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.41",
        major: 8,
        rest: deadlineOfAll,
        answers: {
          "mysql-server": [
            {
              ...serverOf("8.0.41", 63 * 86_400, 1300),
              writable: false,
              readOnlyBecause: "read_only is ON",
            },
          ],
          "mysql-row-locks": [nobodyWaits],
          "mysql-connections": [groupOf("monitor", "10.4.18.20", "idle", 2, [21, 40]), ownGroup],
          "mysql-sessions": [],
          "mysql-replication": [
            followsOf({
              lagSeconds: delay,
              intendedDelaySeconds: delay,
              lagBeyondDelaySeconds: 0,
              receiverState: "Waiting for source to send event",
              applierState: "Waiting until SOURCE_DELAY seconds after source executed event",
            }),
          ],
        },
      }),
    };
  },
});
