import type * as z from "zod";
import type { ProposedAction, Risk } from "../contract/finding.ts";
import type { Target } from "../contract/target.ts";
import type { ActionOffer } from "./define.ts";

export interface Consequence {
  readonly consequence: string;
  readonly frees: number | null;
  /** Where the finding knows more than the input says. */
  readonly describes?: string;
  readonly risk?: Risk;
}

/** An action as a finding proposes it: everything a person needs to say yes or no. */
export function propose<Input extends z.core.util.JSONType>(
  offer: ActionOffer<string, Input>,
  input: Input,
  target: Target,
  { consequence, frees, describes = offer.describes(input), risk = offer.risk }: Consequence,
): ProposedAction {
  return {
    id: offer.id,
    spec: [...offer.spec],
    risk,
    input,
    preview: offer.preview(input, target),
    describes,
    consequence,
    frees,
    automatic: true,
  };
}

/** A remedy that this version leaves to a person: the statement is shown, never sent. */
export function proposeManual(
  proposal: Pick<ProposedAction, "id" | "spec" | "risk" | "preview" | "describes" | "consequence">,
): ProposedAction {
  return { ...proposal, input: {}, frees: null, automatic: false };
}
