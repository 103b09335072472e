import type { ProposedAction } from "../contract/finding.ts";
import { type ProofName, proofNames } from "../contract/proof.ts";
import type { Refusal } from "../contract/work-order.ts";
import { list } from "../text/wording.ts";
import { neverAloneOf } from "./never-alone.ts";

const notShown: Readonly<Record<ProofName, string>> = {
  causes: "that its target causes the harm",
  ends: "that ending it ends the harm",
  costs: "what it costs, and that nothing else is lost",
};

const aPerson =
  "A person decides: an approver approves the request, or carries out the statement that is shown.";

/**
 * SPEC D11: automatic means sure. Why this must not be done without a person, whatever the mode; null when the evidence
 * shows all three proofs and it is none of the kinds that are never done alone.
 */
export function unsureRefusal(proposal: ProposedAction): Refusal | null {
  const never = neverAloneOf(proposal);
  if (never !== null) {
    return {
      guard: "never-alone",
      reason: `This is never done without a person: ${never.says}.`,
      release: aPerson,
    };
  }
  const missing = proofNames.filter((name) => proposal[name] === undefined);
  if (missing.length === 0) return null;
  return {
    guard: "not-sure",
    reason: `The evidence does not show ${list(missing.map((name) => `${notShown[name]} (${name})`))}, and without all three nothing is done by itself.`,
    release: aPerson,
  };
}
