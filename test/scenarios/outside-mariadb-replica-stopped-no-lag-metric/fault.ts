import { calmRds } from "../support/outside/calm.ts";
import { steps, until } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "reports-ro";
const source = "reports";

const calm = calmRds({
  engine: "mariadb",
  vcpus: 2,
  memoryGib: 8,
  freeGib: 91,
  connections: 31,
  cpu: 22,
  iops: 310,
});

export const scenario = defineOutside({
  engine: "mariadb",
  title: "Replication stopped on an error 40 minutes ago; ReplicaLag has had no points since",
  world: (dice) => {
    const minutes = dice.number(35, 50);
    const of = { Engine: "mariadb", EngineVersion: "10.6.22", DBInstanceClass: "db.m6g.large" };
    const message =
      "Last_SQL_Errno: 1062, Could not execute Write_rows_v1 event on table reports.daily_totals; Duplicate entry for key 'PRIMARY', handler error HA_ERR_FOUND_DUPP_KEY; the event's source log mysql-bin-changelog.018822, end_log_pos 92841";
    return {
      instances: [
        instanceOf(id, {
          ...of,
          ReadReplicaSourceDBInstanceIdentifier: source,
          StatusInfos: [{ StatusType: "read replication", Status: "error", Normal: false, Message: message }],
          BackupRetentionPeriod: 0,
        }),
        instanceOf(source, { ...of, ReadReplicaDBInstanceIdentifiers: [id] }),
      ],
      metrics: {
        ...calm,
        ReplicaLag: until(minutes, () => 0),
        WriteIOPS: steps(186, 21, minutes),
        WriteThroughput: steps(3.9e6, 0.3e6, minutes),
        [`${source}/CPUUtilization`]: () => 34,
        [`${source}/DatabaseConnections`]: () => 96,
        [`${source}/FreeableMemory`]: () => 1.9e9,
        [`${source}/DBLoad`]: () => 0.9,
      },
      events: [told(id, minutes - 1, "read replica", "Replication has stopped."), ...nightlyBackup(source)],
      load: [],
      notice: {
        id: "RDS-EVENT-0045",
        category: "read replica",
        message: "Replication has stopped.",
        minutesAgo: minutes - 1,
      },
      way: "probe-failed",
    };
  },
});
