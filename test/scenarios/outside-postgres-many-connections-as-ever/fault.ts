import { calmRds } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "gateway-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title: "1,110 connections of about 1,700, flat, as yesterday and last week: many pools, all of them idle",
  world: (dice) => ({
    instances: [
      instanceOf(id, { Engine: "postgres", EngineVersion: "15.12", DBInstanceClass: "db.r6g.large" }),
    ],
    metrics: calmRds({
      engine: "postgres",
      vcpus: 2,
      memoryGib: 16,
      freeGib: 120,
      connections: dice.number(1080, 1130),
      cpu: 33,
      iops: 300,
    }),
    events: nightlyBackup(id),
    load: [],
    way: "probe-failed",
  }),
});
