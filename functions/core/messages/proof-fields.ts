import type { ProposedAction } from "../contract/finding.ts";
import type { Proof } from "../contract/proof.ts";
import { unsureRefusal } from "../policy/sure.ts";
import { sentenceCase } from "../text/sentence-case.ts";
import type { Field } from "./sections.ts";
import { sentence } from "./wording.ts";

/** SPEC D11: what the evidence shows of a proposal, and what it does not; nothing for what only a person can do. */
export function proofFields(proposal: ProposedAction): readonly Field[] {
  if (!proposal.automatic) return [];
  const refusal = unsureRefusal(proposal);
  return [
    { label: "Causes the harm", value: proofText(proposal.causes) },
    { label: "Ends the harm", value: proofText(proposal.ends) },
    { label: "Costs", value: proofText(proposal.costs) },
    {
      label: "By itself",
      value: refusal === null ? "Yes, where policy is auto: all three are shown." : `No. ${refusal.reason}`,
    },
  ];
}

function proofText(proof: Proof | undefined): string {
  return proof === undefined ? "not shown" : `${sentence(sentenceCase(proof.says))} (${proof.source})`;
}
