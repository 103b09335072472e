import type { FailoverInput } from "../../contract/failover-input.ts";
import { InvalidInputError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import { candidateVetoes } from "./candidate-vetoes.ts";
import { groupVetoes } from "./group-vetoes.ts";
import { primaryVetoes } from "./primary-vetoes.ts";
import { replicationVetoes } from "./replication-vetoes.ts";
import type { Facts, Standing, Veto } from "./veto.ts";

/** Stand in the way later, when they can be known; named in `force` like the others. */
export const laterVetoes = [
  { name: "old-primary-unfenced", says: "Nothing proves that the old primary takes no more writes." },
  { name: "not-caught-up", says: "The candidate has not applied what it received." },
] as const;

export const vetoes: readonly Veto[] = [
  ...groupVetoes,
  ...primaryVetoes,
  ...candidateVetoes,
  ...replicationVetoes,
];

const overridable = [
  ...vetoes.filter((veto) => veto.overridable).map(({ name }) => name),
  ...laterVetoes.map(({ name }) => name),
];

/** Those that stand, by name; which of them `force` lifts is the caller's question. */
export function standing(facts: Facts, which: "all" | "lasting" = "all"): readonly Standing[] {
  return vetoes.flatMap((veto) => {
    if (!veto.of(facts) || (which === "lasting" && veto.lasting !== true)) return [];
    const says = veto.stands(facts);
    const { name, release } = veto;
    return says === null ? [] : [{ name, says, release, overridable: veto.overridable }];
  });
}

export function lifts({ force }: Pick<FailoverInput, "force">, name: string): boolean {
  return overridable.includes(name) && (force === true || (Array.isArray(force) && force.includes(name)));
}

/** A misspelt override must not be found out at the moment when it is missed. */
export function checkForce({ force }: Pick<FailoverInput, "force">): void {
  for (const name of Array.isArray(force) ? force : []) {
    if (overridable.includes(name)) continue;
    const veto = vetoes.find((other) => other.name === name);
    const meant = nearest(name, overridable);
    const why = veto === undefined ? "no veto has that name" : `it cannot be overridden (${veto.release})`;
    throw new InvalidInputError(
      `force: ${name}: ${why}${meant === null || veto !== undefined ? "" : `; did you mean ${meant}?`}. Can be overridden: ${overridable.join(", ")}`,
    );
  }
}
