import type { Explanation } from "../../contract/explanation.ts";
import { type Difference, type Drift, driftsOf } from "../../facts/parameter-drift.ts";
import { inCategory, othersOf, recentEvents, selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { useGroupOfWriter } from "../../remedies/aws/group-remedies.ts";
import { list } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

const maxNamed = 5;
const freshMinutes = 30;

export const parameterDrift = defineRule({
  id: "parameter-drift",
  spec: ["D4", "M2"],
  category: "configuration",
  title: "Who would take the writer's place is set otherwise",
  needs: ["DescribeDBParameters"],
  evaluate: (view) => [...driftsOf(view).map((drift) => driftDraft(view, drift)), ...waitingDrafts(view)],
});

function driftDraft(view: View, drift: Drift): FindingDraft {
  const { member, differences, group, writerGroup } = drift;
  const named = differences.slice(0, maxNamed).map(differenceText);
  const more = differences.length - named.length;
  const when = member.role === "replica" ? "promoted" : "made the writer by a failover";
  return {
    subject: member.id,
    severity: "P3",
    confidence: 0.85,
    summary: `${member.id} is set otherwise than the writer, which its clients meet once it is ${when}: ${list(named)}${more > 0 ? ` and ${more} more` : ""}`,
    evidence: differences.slice(0, 10).map((each) => ({
      source: "DescribeDBParameters",
      says: `${each.name}: ${each.writer ?? "default"} in ${writerGroup}, ${each.other ?? "default"} in ${group}`,
    })),
    explains: afterFailover(view, differences),
    actions: useGroupOfWriter(view, drift),
  };
}

function differenceText({ name, why, writer, other }: Difference): string {
  return `${name} ${other ?? "default"} instead of ${writer ?? "default"} (${why})`;
}

/** It has just become the writer, and what it was before is the reader that it is compared with. */
function afterFailover(view: View, differences: readonly Difference[]): readonly Explanation[] {
  const moved = recentEvents(view, freshMinutes).some((event) => inCategory(event, "failover"));
  if (!moved || selfOf(view)?.role !== "writer") return [];
  const limit = differences.find(({ name }) => name === "max_connections");
  const because = "the new writer takes fewer connections than the old one";
  return limit !== undefined && Number(limit.writer) < Number(limit.other)
    ? [
        { cause: "connections-near-limit", because },
        { cause: "too-many-connections", because },
      ]
    : [];
}

/** The same group, and not the same values: one of them has not restarted since. Its own tells parameter-pending-reboot. */
function waitingDrafts(view: View): readonly FindingDraft[] {
  return othersOf(view).flatMap(({ id, parameterGroups, clusterParameterStatus }) => {
    const waiting = [
      ...parameterGroups.filter(({ status }) => status === "pending-reboot").map(({ name }) => name),
      ...(clusterParameterStatus === "pending-reboot" ? ["the cluster's group"] : []),
    ];
    if (waiting.length === 0) return [];
    return [
      {
        subject: `${id} reboot`,
        severity: "P3",
        confidence: 0.85,
        summary: `${id} still runs with old values of ${list(waiting)}, and takes the new ones when it restarts`,
        evidence: [{ source: "DescribeDBInstances", says: `${id}: ${list(waiting)} pending-reboot` }],
        explains: [],
        actions: [],
      } satisfies FindingDraft,
    ];
  });
}
