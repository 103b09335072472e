import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "billing-replica-1";
const source = "billing";

const calm = calmRds({
  engine: "mysql",
  vcpus: 8,
  memoryGib: 64,
  freeGib: 96,
  connections: 46,
  cpu: 17,
  iops: 520,
});

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The source writes four times as much as ever since an hour, and the replica's applier cannot keep up",
  world: (dice) => {
    const lag = dice.number(900, 1400);
    const of = { Engine: "mysql", EngineVersion: "8.0.42", DBInstanceClass: "db.r6g.2xlarge" };
    return {
      instances: [
        instanceOf(id, {
          ...of,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Status: "replicating", Normal: true }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...of, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [id] }),
      ],
      metrics: {
        ...calm,
        ReplicaLag: (ago) => (ago > 61 ? 0 : moves(0, lag, 61)(ago)),
        WriteIOPS: steps(310, 1240, 62),
        WriteThroughput: steps(6.5e6, 24e6, 62),
        NetworkReceiveThroughput: steps(1.1e6, 9.8e6, 62),
        CPUUtilization: steps(17, 26, 62),
        [`${source}/CPUUtilization`]: steps(24, 58, 62),
        [`${source}/DatabaseConnections`]: steps(210, 242, 62),
        [`${source}/FreeableMemory`]: () => 14.2e9,
        [`${source}/DBLoad`]: steps(1.6, 5.9, 62),
      },
      events: nightlyBackup(source),
      load: [],
      alarm: above("ReplicaLag", 600, [604, 611, 622], 28, "Maximum"),
      way: "probe-failed",
    };
  },
});
