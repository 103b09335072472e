import type { Scenario, ScenarioEngine } from "../../scenario.ts";
import type { Dice, World } from "./world.ts";

interface OutsideScenario {
  readonly engine: ScenarioEngine;
  readonly title: string;
  world(dice: Dice): World;
}

/** A fault that is seen from outside only; what AWS would say of it is made up, and read as the responder reads it. */
export function defineOutside({ engine, title, world }: OutsideScenario): Scenario {
  return { engine, title, outside: world, make: async () => ({ culprits: [] }) };
}
