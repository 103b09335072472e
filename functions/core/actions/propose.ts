import type * as z from "zod";
import type { ProposedAction } from "../contract/finding.ts";
import type { Target } from "../contract/target.ts";
import type { DatabaseAction } from "./define.ts";

export interface Consequence {
  readonly consequence: string;
  readonly frees: number | null;
}

/** An action as a finding proposes it: everything a person needs to say yes or no. */
export function propose<Input extends z.core.util.JSONType>(
  action: DatabaseAction<string, Input>,
  input: Input,
  target: Target,
  { consequence, frees }: Consequence,
): ProposedAction {
  return {
    id: action.id,
    spec: [...action.spec],
    risk: action.risk,
    input,
    preview: action.preview(input, target),
    describes: action.describes(input),
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
