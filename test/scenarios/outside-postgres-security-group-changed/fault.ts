import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "orders-eu";

const instances = [
  instanceOf(id, {
    Engine: "postgres",
    EngineVersion: "17.5",
    MultiAZ: true,
    SecondaryAvailabilityZone: "eu-central-1a",
  }),
];

const calm = calmRds({
  engine: "postgres",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 130,
  connections: 96,
  cpu: 33,
  iops: 410,
});

export const scenario = defineOutside({
  engine: "postgres",
  title: "Somebody has changed the security groups: nobody gets in any more, and the server itself is well",
  world: (dice) => {
    const minutes = dice.number(7, 12);
    return {
      instances,
      metrics: {
        ...calm,
        DatabaseConnections: steps(96, 0, minutes),
        CPUUtilization: steps(33, 2.9, minutes),
        ReadIOPS: steps(160, 0.4, minutes),
        WriteIOPS: steps(250, 4, minutes),
        NetworkReceiveThroughput: steps(860e3, 700, minutes),
        NetworkTransmitThroughput: steps(3e6, 4e3, minutes),
        DBLoad: steps(0.6, 0, minutes),
        DBLoadCPU: steps(0.5, 0, minutes),
        DBLoadNonCPU: steps(0.1, 0, minutes),
      },
      events: [
        told(id, minutes - 0.5, "configuration change", "Finished updating DB parameter group"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(minutes + 0.7).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-ci",
          detail:
            'dBInstanceIdentifier=orders-eu, vpcSecurityGroupIds=["sg-0b7c1e55d2a91f340"], applyImmediately=true',
          error: null,
        },
      ],
      load: [],
      alarm: below("DatabaseConnections", 5, [0, 0, 0], minutes - 4),
      way: "dropped",
    };
  },
});
