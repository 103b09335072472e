import { calmRds } from "../support/outside/calm.ts";
import { until } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const id = "invoices-pg";

export const scenario = defineOutside({
  engine: "postgres",
  title: "The host of a single instance is lost; RDS recovers it elsewhere, and no metric comes meanwhile",
  world: (dice) => {
    const lost = dice.number(8, 10);
    const recovers = told(
      id,
      lost - 1,
      "recovery",
      "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
    );
    const calm = calmRds({
      engine: "postgres",
      vcpus: 4,
      memoryGib: 32,
      freeGib: 92,
      connections: 118,
      cpu: 33,
      iops: 460,
    });
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "14.15", DBInstanceClass: "db.r5.xlarge" }),
      ],
      metrics: Object.fromEntries(Object.entries(calm).map(([name, curve]) => [name, until(lost, curve)])),
      events: [recovers, ...nightlyBackup(id)],
      load: null,
      notice: notice("RDS-EVENT-0020", recovers),
      way: "dropped",
    };
  },
});
