import { calmRds } from "../support/outside/calm.ts";
import { type Curves, until } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "vault-prod";

export const scenario = defineOutside({
  engine: "mariadb",
  title: "The KMS key of the volume was disabled: RDS has stopped the instance and cannot start it",
  world: (dice) => {
    const minutes = dice.number(6, 11);
    const calm = calmRds({
      engine: "mariadb",
      vcpus: 2,
      memoryGib: 16,
      freeGib: 130,
      connections: 71,
      cpu: 24,
      iops: 280,
    });
    const metrics: Curves = Object.fromEntries(
      Object.entries(calm).map(([name, curve]) => [name, until(minutes, curve)]),
    );
    const message =
      "DB instance is in a state that can't be recovered until its KMS key is accessible: the KMS key used to encrypt the storage can't be accessed.";
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.11",
          DBInstanceStatus: "inaccessible-encryption-credentials-recoverable",
        }),
      ],
      metrics,
      events: [told(id, minutes, "failure", message), ...nightlyBackup(id)],
      load: [],
      changes: [],
      notice: { id: "RDS-EVENT-0419", category: "failure", message, minutesAgo: minutes },
      way: "refused",
    };
  },
});
