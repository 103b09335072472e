import { rebootInstanceOffer } from "../../actions/aws/reboot-instance.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import {
  type AwsRemedy,
  askTable,
  callOf,
  offerCall,
  showCalls,
  shownNow,
  withholdCall,
} from "./aws-proposal.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RebootInstance.html */
export function rebootInstance(view: View): readonly ProposedAction[] {
  const asked = askTable(view, "restart");
  if (asked.is === "none") return [];
  const cluster = asked.is === "call" && asked.row.whose === "cluster";
  const remedy = {
    id: "reboot-instance",
    spec: ["A26"],
    risk: "disruptive",
    describes: `restart ${cluster ? `all instances of ${asked.name}` : view.evidence.target.name} so that the new values count`,
    consequence:
      "Every connection is cut, a minute or so of downtime, longer with a large transaction open. At a quiet time.",
  } satisfies AwsRemedy;
  if (asked.is === "unknown") return [withholdCall(remedy, asked.because)];
  // "You can't reboot your DB instance if it isn't in the available state", and so for a cluster.
  const status = selfOf(view)?.status ?? null;
  if (status !== null && status !== "available") {
    return [withholdCall(remedy, `its status is ${status}, and RDS restarts it only while it is available`)];
  }
  const input = { ...shownNow(view, asked), why: "so that the new values count" };
  const offering = { offer: rebootInstanceOffer, input, purpose: "restart" } as const;
  return [offerCall(view, remedy, offering, showCalls(view, remedy, [callOf(asked, {})]))];
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StartInstance.html */
export function startDatabase(view: View): readonly ProposedAction[] {
  const asked = askTable(view, "start");
  if (asked.is === "none") return [];
  const remedy = {
    id: "start-database",
    spec: ["A26"],
    risk: "disruptive",
    describes: `start ${asked.is === "call" ? asked.name : view.evidence.target.name} again`,
    consequence:
      "First mend or ask why it is down: whoever stopped it may need it so, and it is paid for from then on. Minutes, more after a crash.",
  } satisfies AwsRemedy;
  return [
    asked.is === "unknown"
      ? withholdCall(remedy, asked.because)
      : showCalls(view, remedy, [callOf(asked, {})]),
  ];
}
