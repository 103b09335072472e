import { calmRds } from "../support/outside/calm.ts";
import { during, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "bookings-prod";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Harmless by now: a planned blue/green switchover took longer than its five minutes and was rolled back 24 minutes ago; blue writes on as ever",
  world: (dice) => {
    const began = dice.number(30, 33);
    const ended = began - 6;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.20",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 190,
            connections: 134,
            cpu: 34,
            iops: 700,
          }),
        ),
        WriteIOPS: during(began, ended, 9, 420),
        WriteThroughput: during(began, ended, 110e3, 8.8e6),
        DatabaseConnections: during(began, ended, 121, 134),
        CPUUtilization: during(began, ended, 17, 34),
      },
      events: [
        told(
          id,
          ended,
          "failure",
          "Switchover from DB instance bookings-prod to bookings-prod-green-x4k1p2 was canceled: it exceeded the timeout of 300 seconds. Changes were rolled back.",
        ),
        told(
          id,
          began,
          "deployment",
          "Switchover from primary source bookings-prod to target bookings-prod-green-x4k1p2 started.",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(began + 1).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "SwitchoverBlueGreenDeployment",
          by: "dba-weber",
          detail: "blueGreenDeploymentIdentifier=bgd-1f0c2ad77e, switchoverTimeout=300",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.8, "wait/io/table/sql/handler": 0.2 },
        [{ sql: "SELECT * FROM bookings WHERE hotel_id = ? AND arrival = ?", waits: { CPU: 0.5 } }],
        { booking_app: 0.9 },
      ),
      alarm: { ...below("WriteIOPS", 50, [9.1, 8.7, 9.3], began - 3), state: "OK" },
      way: "probe-failed",
    };
  },
});
