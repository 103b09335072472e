import type { ProposedAction } from "../contract/finding.ts";
import { sentenceCase } from "../text/sentence-case.ts";

/** "Terminate session: app billing, pid 4242": what is done and to whom, whichever of them the action's own line says. */
export function actionText(proposal: Pick<ProposedAction, "id" | "describes">): string {
  const words = proposal.id.replaceAll("-", " ");
  const verb = words.split(" ")[0] ?? words;
  const says = proposal.describes.trim();
  return says.toLowerCase().startsWith(verb.toLowerCase()) ? says : `${sentenceCase(words)}: ${says}`;
}

/** "terminate session on orders-prod": short enough for a headline; whom it hits stands below it. */
export function actionHeadline(proposal: Pick<ProposedAction, "id">, targetName: string): string {
  return `${proposal.id.replaceAll("-", " ")} on ${targetName}`;
}
