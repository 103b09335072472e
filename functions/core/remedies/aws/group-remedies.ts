import type { ProposedAction } from "../../contract/finding.ts";
import type { Drift } from "../../facts/parameter-drift.ts";
import type { View } from "../../facts/view.ts";
import { list } from "../../text/wording.ts";
import { type AwsRemedy, askTable, callOf, showCalls, withholdCall } from "./aws-proposal.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.Associating.html */
export function useGroupOfWriter(
  view: View,
  { member, writerGroup, group }: Drift,
): readonly ProposedAction[] {
  const asked = askTable(view, "use-instance-group");
  if (asked.is === "none") return [];
  const pending = member.pending.map(({ name }) => name);
  const along = pending.length === 0 ? "" : ` What is pending there goes along: ${list(pending)}.`;
  const remedy = {
    id: "use-group-of-writer",
    spec: ["A24"],
    risk: "disruptive",
    describes: `give ${member.id} the writer's parameter group ${writerGroup}`,
    consequence: `First ask whether ${member.id} is meant to be otherwise, such as for reports. Its values count after it has restarted, which cuts its connections; ${group} stays as it is.${along}`,
  } satisfies AwsRemedy;
  if (asked.is === "unknown") return [withholdCall(remedy, asked.because)];
  // A cluster that has one group for all has nothing to drift.
  if (asked.row.whose !== "instance") return [];
  return [
    showCalls(view, remedy, [
      callOf({ ...asked, name: member.id }, { DBParameterGroupName: writerGroup, ApplyImmediately: true }),
    ]),
  ];
}
