import { volumeAtItsOperations } from "../faults/volume-at-its-operations.ts";
import { even, until, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The volume at its 3,000 IOPS, and the newest point of the writes has not come yet, that of the reads has",
  world: (dice) => {
    const world = volumeAtItsOperations(dice);
    return { ...world, metrics: { ...world.metrics, WriteIOPS: even(until(3, usual(735))) } };
  },
});
