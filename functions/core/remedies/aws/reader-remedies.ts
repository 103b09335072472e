import { addReaderOffer } from "../../actions/aws/add-reader.ts";
import { madeName, madeTags } from "../../actions/aws/made.ts";
import { placed, placementOf } from "../../actions/aws/placement.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { apiEngine } from "../../facts/database-kind.ts";
import { selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { type AwsRemedy, askTable, callOf, offerCall, showCalls, withholdCall } from "./aws-proposal.ts";

/**
 * Another one in place of one that answers nobody. Of the class of this instance, so that it can also take over; named
 * after the hour, so that the next look proposes the same.
 */
export function addReader(view: View): readonly ProposedAction[] {
  const { target, collectedAt } = view.evidence;
  const isAurora = target.flavour === "aurora";
  const purpose = isAurora ? "add-instance" : "add-replica";
  const asked = askTable(view, purpose);
  if (asked.is === "none") return [];
  const instanceClass = selfOf(view)?.instanceClass ?? target.instanceClass;
  const remedy = {
    id: "add-reader",
    spec: ["A22"],
    risk: "disruptive",
    describes: `another reader of ${asked.is === "call" ? asked.name : target.name}${instanceClass === null ? "" : `, ${instanceClass}`}`,
    consequence: `Costs as much as one more instance of its class until it is removed again (remove-reader).${isAurora ? " The reader endpoint leads to it when it is available, after some minutes." : " It begins with a copy of the volume, which may take hours; it has an address of its own, which whoever reads has to be told."}`,
  } satisfies AwsRemedy;
  if (asked.is === "unknown") return [withholdCall(remedy, asked.because)];
  if (instanceClass === null) return [withholdCall(remedy, "the class of this instance could not be seen")];
  const name = madeName(asked.name, collectedAt.slice(0, 13).replaceAll(/[^0-9]/g, ""));
  const made = { DBInstanceIdentifier: name, DBInstanceClass: instanceClass, Tags: madeTags("reader") };
  const like = placementOf(selfOf(view));
  const lies = placed(like, isAurora ? "aurora-member" : "replica");
  const shown = showCalls(view, remedy, [
    callOf(asked, { ...made, ...(isAurora ? { Engine: apiEngine(view) } : {}), ...lies }),
  ]);
  const input = { of: asked.name, name, instanceClass, like };
  return [offerCall(view, remedy, { offer: addReaderOffer, input, purpose }, shown)];
}
