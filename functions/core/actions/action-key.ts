import type { ProposedAction } from "../contract/finding.ts";
import { awsOffers, databaseOffers } from "./offers.ts";

/** Same key, same effect, by the action's own definition; what is only shown to a person goes by its preview. */
export function actionKeyOf(proposal: Pick<ProposedAction, "id" | "input" | "preview">): string {
  const { id, input } = proposal;
  const key = (
    databaseOffers.find((offer) => offer.id === id) ?? awsOffers.find((offer) => offer.id === id)
  )?.keyFor(input);
  return key ?? `${proposal.id} ${proposal.preview}`;
}

/** Whether it cuts off whoever has a transaction open. */
export function isRestart(id: string): boolean {
  return awsOffers.some((offer) => offer.id === id && offer.restarts === true);
}

/** Who carries it out: the function in the VPC that reaches the database, or the one outside that changes things on AWS. */
export function actsOn(id: string): "database" | "aws" {
  return awsOffers.some((offer) => offer.id === id) ? "aws" : "database";
}
