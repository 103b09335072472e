import { calmRds } from "../support/outside/calm.ts";
import { daily, steps, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "permits-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A standby in a second zone was added in the morning: writes take 2.4 ms instead of 0.9 ms, as they should, and the alarm stands at 2",
  world: (dice) => {
    const done = dice.number(151, 174);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1a",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 16,
            connections: 91,
            cpu: 27,
            iops: 610,
            freeGib: 302,
          }),
        ),
        WriteLatency: steps(0.0009, 0.0024, done),
        DiskQueueDepth: turns(daily(0.5, 0.2), done, 1.05),
        DBLoad: turns(daily(1.25, 0.2), done, 1.5),
        DBLoadCPU: daily(0.85, 0.2),
        DBLoadNonCPU: turns(daily(0.4, 0.2), done, 0.66),
      },
      events: [
        told(
          id,
          done,
          "configuration change",
          "Finished applying modification to convert to a Multi-AZ DB instance.",
        ),
        told(
          id,
          done + 38,
          "configuration change",
          "Applying modification to convert to a Multi-AZ DB instance.",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(done + 39).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-ci",
          detail: `dBInstanceIdentifier=${id}, multiAZ=true, applyImmediately=true`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.85, "IO:WALSync": 0.5, "IO:DataFileRead": 0.15 },
        [
          {
            sql: "UPDATE permits SET state = $1, changed_at = now() WHERE id = $2",
            waits: { CPU: 0.2, "IO:WALSync": 0.3 },
          },
          {
            sql: "SELECT p.* FROM permits p WHERE p.applicant_id = $1",
            waits: { CPU: 0.4, "IO:DataFileRead": 0.1 },
          },
          { sql: "INSERT INTO permit_notes (permit_id, body) VALUES ($1, $2)", waits: { "IO:WALSync": 0.2 } },
        ],
        { portal: 1.2, backoffice: 0.3 },
      ),
      alarm: above("WriteLatency", 0.002, [0.00238, 0.00244, 0.00241], done - 6),
      way: "probe-failed",
    };
  },
});
