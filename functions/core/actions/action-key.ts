import type { ProposedAction } from "../contract/finding.ts";
import { databaseActions } from "./index.ts";

/** Same key, same effect, by the action's own definition; what is only shown to a person goes by its preview. */
export function actionKeyOf(proposal: Pick<ProposedAction, "id" | "input" | "preview">): string {
  const action = databaseActions.find(({ id }) => id === proposal.id);
  const input = action?.input.safeParse(proposal.input);
  return action !== undefined && input?.success
    ? action.key(input.data)
    : `${proposal.id} ${proposal.preview}`;
}
