import { calmRds } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const id = "media-db";
const green = "media-db-green-4cq2fz";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A blue/green deployment was switched over an hour ago; its clients have come over, and the alarm on few connections is over",
  world: (dice) => {
    const switched = dice.number(56, 60);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.4.5",
          DBInstanceClass: "db.r6g.large",
          MultiAZ: true,
          InstanceCreateTime: ago(60 * 50),
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 16,
            freeGib: 97,
            connections: 131,
            cpu: 34,
            iops: 330,
          }),
        ),
        DatabaseConnections: (minutes) =>
          minutes > switched ? 3 : between(switched, switched - 5, 3, 131)(minutes),
        CPUUtilization: steps(7, 34, switched - 1),
        ReadIOPS: (minutes) => (minutes > switched ? 8 : between(switched, switched - 30, 900, 132)(minutes)),
        WriteIOPS: usual(205),
        DBLoad: steps(0.2, 0.7, switched - 1),
        DBLoadCPU: steps(0.1, 0.5, switched - 1),
        DBLoadNonCPU: steps(0.1, 0.2, switched - 1),
      },
      events: [
        told(
          id,
          switched,
          "notification",
          `Switchover from ${id} to ${green} completed. Renamed ${id} to ${id}-old1 and ${green} to ${id}.`,
        ),
        told(
          id,
          switched + 1,
          "notification",
          `Switchover from primary/read replica ${id} to ${green} started.`,
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(switched + 1.5).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "SwitchoverBlueGreenDeployment",
          by: "dba-team",
          detail: "blueGreenDeploymentIdentifier=bgd-7t2kq91mzw",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.5, "io/table/sql/handler": 0.1, "io/file/sql/binlog": 0.1 },
        [
          {
            sql: "SELECT * FROM `assets` WHERE `folder_id` = ? LIMIT ?",
            waits: { CPU: 0.3, "io/table/sql/handler": 0.1 },
          },
          {
            sql: "UPDATE `assets` SET `views` = `views` + ? WHERE `id` = ?",
            waits: { CPU: 0.1, "io/file/sql/binlog": 0.1 },
          },
        ],
        { media_web: 0.5, transcoder: 0.2 },
      ),
      alarm: { ...below("DatabaseConnections", 20, [3, 3, 4], switched + 2), state: "OK" },
      way: "probe-failed",
    };
  },
});
