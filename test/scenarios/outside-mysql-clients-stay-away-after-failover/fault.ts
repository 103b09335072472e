import { calmRds } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "orders-prod";

const instances = [
  instanceOf(id, {
    Engine: "mysql",
    EngineVersion: "8.4.5",
    DBInstanceClass: "db.m6g.xlarge",
    MultiAZ: true,
    SecondaryAvailabilityZone: "eu-central-1a",
  }),
];

const calm = calmRds({ engine: "mysql", vcpus: 4, memoryGib: 16, connections: 214, cpu: 27, iops: 640 });

/** As usual, nothing while the standby takes over, then little. */
function after(before: number, now: number, minutes: number) {
  return (ago: number) => (ago <= minutes && ago > minutes - 2 ? null : steps(before, now, minutes)(ago));
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The Multi-AZ failover is over, but the applications keep the old address: six connections instead of 214",
  world: (dice) => {
    const minutes = dice.number(13, 17);
    return {
      instances,
      metrics: {
        ...calm,
        CPUUtilization: after(27, 4, minutes),
        DatabaseConnections: after(214, 6, minutes),
        ReadIOPS: after(256, 9, minutes),
        WriteIOPS: after(384, 22, minutes),
        ReadThroughput: after(4.6e6, 170e3, minutes),
        WriteThroughput: after(8.1e6, 300e3, minutes),
        NetworkReceiveThroughput: after(1.9e6, 21e3, minutes),
        NetworkTransmitThroughput: after(6.6e6, 48e3, minutes),
        FreeableMemory: (ago) => (ago > minutes ? usual(3.5 * 1024 ** 3)(ago) : 9.8 * 1024 ** 3),
        DBLoad: after(1.1, 0.05, minutes),
        DBLoadCPU: after(0.8, 0.03, minutes),
        DBLoadNonCPU: after(0.3, 0.02, minutes),
      },
      events: [
        told(id, minutes - 2, "failover", "Multi-AZ instance failover completed"),
        told(id, minutes - 1, "availability", "DB instance restarted"),
        told(id, minutes, "failover", "Multi-AZ instance failover started."),
        ...nightlyBackup(id),
      ],
      load: [],
      alarm: below("DatabaseConnections", 50, [6, 6, 5, 6, 6], minutes - 8),
      way: "probe-failed",
    };
  },
});
