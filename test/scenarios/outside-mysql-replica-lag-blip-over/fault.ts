import { calmRds } from "../support/outside/calm.ts";
import { during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const source = "bookings-prod";
const id = "bookings-replica";

const calm = calmRds({
  engine: "mysql",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 130,
  connections: 41,
  cpu: 18,
  iops: 350,
});

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The replica fell two minutes behind during the hourly import and has long caught up; its alarm is back to OK",
  world: (dice) => {
    const over = dice.number(24, 30);
    const began = over + dice.number(7, 10);
    const peak = dice.number(120, 160);
    const engine = { Engine: "mysql", EngineVersion: "8.4.6", DBInstanceClass: "db.r6g.large" };
    return {
      instances: [
        instanceOf(id, {
          ...engine,
          ReadReplicaSourceDBInstanceIdentifier: source,
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...engine, MultiAZ: true, ReadReplicaDBInstanceIdentifiers: [id] }),
      ],
      metrics: {
        ...calm,
        ReplicaLag: during(began, over, peak, 0),
        WriteIOPS: during(began, over, 910, 210),
        [`${source}/CPUUtilization`]: during(began, over, 52, 24),
        [`${source}/DatabaseConnections`]: () => 122,
        [`${source}/FreeableMemory`]: () => 3.4 * 1024 ** 3,
        [`${source}/WriteIOPS`]: during(began, over, 1900, 400),
      },
      events: nightlyBackup(source),
      load: [],
      alarm: { ...above("ReplicaLag", 60, [72, 104, peak], began - 3, "Maximum"), state: "OK" },
      way: "probe-failed",
    };
  },
});
