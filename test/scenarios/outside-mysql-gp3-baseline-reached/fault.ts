import { volumeAtItsOperations } from "../faults/volume-at-its-operations.ts";
import { defineOutside } from "../support/outside/define-outside.ts";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "More is read than fits in memory, by many statements: the volume stands at its 3,000 IOPS, and requests queue",
  world: volumeAtItsOperations,
});
