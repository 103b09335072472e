import { calmRds } from "../support/outside/calm.ts";
import { gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, loadOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const id = "payslips-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Harmless: in a drill somebody asked for a failover twice; the first was done within a minute and a half, the second was abandoned, and all clients have been back since",
  world: (dice) => {
    const first = dice.number(31, 35);
    const second = first - 9;
    const abandoned = told(
      id,
      second,
      "failover",
      "Abandoning user requested failover since a failover recently occurred on the database instance.",
    );
    const asked = (minutes: number) => ({
      at: ago(minutes).toISOString(),
      source: "cloudtrail" as const,
      subject: id,
      what: "RebootDBInstance",
      by: "game-day-autumn",
      detail: `dBInstanceIdentifier=${id}, forceFailover=true`,
      error: null,
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
          AvailabilityZone: "eu-central-1a",
          SecondaryAvailabilityZone: "eu-central-1b",
        }),
      ],
      metrics: gapped(
        withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 210,
            connections: 118,
            cpu: 29,
            iops: 510,
          }),
        ),
        first - 1,
        first - 3,
      ),
      events: [
        abandoned,
        told(id, first - 3, "failover", "Multi-AZ instance failover completed."),
        told(id, first - 2.6, "availability", "DB instance restarted"),
        told(id, first - 1, "failover", "Multi-AZ instance failover started."),
        ...nightlyBackup(id),
      ],
      changes: [asked(second), asked(first)],
      load: loadOf(
        { CPU: 0.8, "IO:DataFileRead": 0.1 },
        [{ sql: "SELECT * FROM payslips WHERE employee_id = $1 ORDER BY period DESC", waits: { CPU: 0.5 } }],
        { portal: 0.9 },
      ),
      notice: notice("RDS-EVENT-0034", abandoned),
      way: "probe-failed",
    };
  },
});
