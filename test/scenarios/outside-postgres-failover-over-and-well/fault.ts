import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "pricing-prod";

const calm = calmRds({
  engine: "postgres",
  vcpus: 4,
  memoryGib: 16,
  freeGib: 105,
  connections: 150,
  cpu: 36,
  iops: 700,
});

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A Multi-AZ instance has failed over hours ago in 70 seconds, and everything has been as usual since",
  world: (dice) => {
    const minutes = dice.number(180, 300);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "17.5",
          DBInstanceClass: "db.m7g.xlarge",
          MultiAZ: true,
          SecondaryAvailabilityZone: "eu-central-1a",
        }),
      ],
      metrics: {
        ...calm,
        SwapUsage: usual(0),
      },
      events: [
        told(id, minutes - 1, "availability", "DB instance restarted"),
        told(id, minutes - 1.2, "failover", "Multi-AZ instance failover completed"),
        told(id, minutes, "failover", "Multi-AZ instance failover started."),
        told(id, minutes - 0.6, "failover", "The RDS Multi-AZ primary instance is busy and unresponsive."),
        ...nightlyBackup(id),
      ],
      load: [],
      way: "probe-failed",
    };
  },
});
