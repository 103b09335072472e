import { calmRds } from "../support/outside/calm.ts";
import { type Curve, gapped, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "accounts";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Healthy: a person doubled the class an hour ago; the standby took over as such a change has it, and all has been as usual for half an hour",
  world: (dice) => {
    const moved = dice.number(38, 41);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 32,
        freeGib: 188,
        connections: 164,
        cpu: 29,
        iops: 800,
      }),
    );
    const was = (before: number, after: number): Curve => {
      const day = usual(before);
      return (minutes) => (minutes > moved ? day(minutes) : after);
    };
    const warming =
      (base: number, extra: number): Curve =>
      (minutes) =>
        base + (minutes > moved ? 0 : extra * Math.exp(-(moved - minutes) / 4));
    const failover = told(id, moved - 1, "failover", "Multi-AZ instance failover completed");
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: gapped(
        {
          ...calm,
          CPUUtilization: was(57, 29),
          FreeableMemory: was(3.4 * gib, 8.2 * gib),
          ReadIOPS: warming(320, 2100),
          ReadLatency: warming(0.0007, 0.0006),
        },
        moved + 1,
        moved,
      ),
      events: [
        told(id, moved - 6, "configuration change", "Finished applying modification to DB instance class"),
        failover,
        told(id, moved - 0.5, "availability", "DB instance restarted"),
        told(id, moved, "failover", "Multi-AZ instance failover started."),
        told(id, moved + 29, "configuration change", "Applying modification to database instance class"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(moved + 31).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "m.keller",
          detail: "dBInstanceIdentifier=accounts, dBInstanceClass=db.r6g.xlarge, applyImmediately=true",
          error: null,
          before: { dBInstanceClass: "db.r6g.large" },
        },
      ],
      load: loadOf(
        { CPU: 0.9, "IO:DataFileRead": 0.1, "IO:WALWrite": 0.1 },
        [{ sql: "SELECT * FROM accounts WHERE id = $1", waits: { CPU: 0.4 } }],
        { accounts_app: 1.1 },
      ),
      notice: {
        id: "RDS-EVENT-0049",
        category: "failover",
        message: failover.message,
        minutesAgo: moved - 1,
      },
      way: "probe-failed",
    };
  },
});
