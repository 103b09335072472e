import type { ProposedAction } from "../contract/finding.ts";
import { databaseOffers } from "./offers.ts";

/** Same key, same effect, by the action's own definition; what is only shown to a person goes by its preview. */
export function actionKeyOf(proposal: Pick<ProposedAction, "id" | "input" | "preview">): string {
  const offer = databaseOffers.find(({ id }) => id === proposal.id);
  return offer?.keyFor(proposal.input) ?? `${proposal.id} ${proposal.preview}`;
}
