import type { Change } from "../../../functions/core/contract/context.ts";
import { calmRds } from "../support/outside/calm.ts";
import { type Curves, until } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "forum-prod";

const instances = [
  instanceOf(id, {
    Engine: "mysql",
    EngineVersion: "8.0.42",
    DBInstanceStatus: "incompatible-parameters",
  }),
];

const calm = calmRds({
  engine: "mysql",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 130,
  connections: 71,
  cpu: 24,
  iops: 280,
});

const message =
  "Your DB instance is in an incompatible-parameters state: MySQL could not be started due to incompatible parameters.";

function rebooted(minutes: number): Change {
  return {
    at: ago(minutes).toISOString(),
    source: "cloudtrail",
    subject: id,
    what: "RebootDBInstance",
    by: "j.weber",
    detail: `dBInstanceIdentifier=${id}`,
    error: null,
  };
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A reboot has brought in a buffer pool larger than the memory: the instance is in incompatible-parameters",
  world: (dice) => {
    const minutes = dice.number(5, 9);
    const metrics: Curves = Object.fromEntries(
      Object.entries(calm).map(([name, curve]) => [name, until(minutes, curve)]),
    );
    return {
      instances,
      metrics,
      events: [
        told(id, minutes - 0.4, "configuration change", message),
        told(id, minutes + 1.6, "availability", "DB instance shutdown"),
        told(
          `${id}-params`,
          minutes + 19,
          "configuration change",
          "Updated parameter innodb_buffer_pool_size to 19327352832 with apply method pending-reboot",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [rebooted(minutes + 1.8)],
      load: [],
      notice: { id: "RDS-EVENT-0035", category: "configuration change", message, minutesAgo: minutes - 0.4 },
      way: "refused",
    };
  },
});
