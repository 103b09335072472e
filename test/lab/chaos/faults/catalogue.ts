import type { Seeded } from "../../../support/seeded.ts";
import { callFaults } from "./call-faults.ts";
import { engineFaults } from "./engine-faults.ts";
import type { Fault, Faults } from "./fault.ts";
import { networkFaults } from "./network-faults.ts";
import { replicationFaults } from "./replication-faults.ts";
import { responderFaults } from "./responder-faults.ts";

const faults: Faults = {
  ...engineFaults,
  ...networkFaults,
  ...replicationFaults,
  ...responderFaults,
  ...callFaults,
};

export const faultNames: readonly string[] = Object.keys(faults);

/** By its name, or by those of two that come together: `freeze+promote-hung`. Null: there is no such fault. */
export function faultNamed(name: string): Fault | null {
  const parts = name.split("+").map((part) => (Object.hasOwn(faults, part) ? faults[part] : undefined));
  const [first, other] = parts;
  if (first === undefined || parts.length > 2) return null;
  if (parts.length === 1) return first;
  return other === undefined ? null : both(first, other);
}

/** Two that leave a way out, and leave whoever is asked what to do out of it. */
export function pairOf(random: Seeded): string {
  const able = faultNames.filter((name) => {
    const fault = faults[name];
    return !(fault?.healthy || fault?.hopeless || fault?.planned || fault?.approver || name === "none");
  });
  const [first = "kill", other = "freeze"] = random.shuffle(able);
  return `${first}+${other}`;
}

/** One after the other, so that as many seeds in a row as there are faults meet all of them. */
export function faultOf(seed: number): string {
  return faultNames[seed % faultNames.length] ?? "kill";
}

function both(first: Fault, other: Fault): Fault {
  const { deaths, approver } = { ...other, ...first };
  return {
    strike: async (scene) => {
      await first.strike(scene);
      await other.strike(scene);
    },
    runs: Math.max(first.runs ?? 1, other.runs ?? 1),
    delays: { ...other.delays, ...first.delays },
    ...(deaths === undefined ? {} : { deaths }),
    ...(approver === undefined ? {} : { approver }),
  };
}
