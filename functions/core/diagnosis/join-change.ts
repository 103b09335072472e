import type { CauseId } from "../contract/cause-ids.ts";
import type { Finding, ProposedAction } from "../contract/finding.ts";
import { type Blamed, blamedChange } from "../facts/blamed-change.ts";
import type { Deviation } from "../facts/change-table.ts";
import type { View } from "../facts/view.ts";

/** What each finding is seen by in metrics. Others have their own cause, or tell of the change themselves. */
const seenBy: Partial<Readonly<Record<CauseId, readonly Deviation[]>>> = {
  "cpu-saturated": ["cpu"],
  "expensive-statement": ["cpu", "reads"],
  "query-regression": ["cpu", "reads"],
  "plan-regression": ["cpu", "reads"],
  "io-saturated": ["reads", "writes"],
  "cache-too-small": ["reads"],
  "cold-cache": ["reads"],
  "commit-stall": ["writes"],
  "write-stall": ["writes"],
  "memory-pressure": ["memory"],
  "connections-near-limit": ["connections"],
  "too-many-connections": ["connections"],
  "connection-storm": ["connections"],
  "connection-leak": ["connections"],
};

/** A root cause with what was changed shortly before it began (SPEC M7): when, by whom, and what that makes of the remedy. */
export function joinChange(view: View, finding: Finding): Finding {
  const seen = new Map<string, readonly Deviation[]>(Object.entries(seenBy)).get(finding.id);
  if (seen === undefined || finding.severity === "P3") return finding;
  const blamed = blamedChange(view, seen);
  const told = blamed === null || finding.evidence.some(({ says }) => says.includes(blamed.change.says));
  return told || blamed === null ? finding : joined(finding, blamed);
}

function joined(finding: Finding, blamed: Blamed): Finding {
  const { change, says, advice } = blamed;
  return {
    ...finding,
    summary: `${finding.summary}; ${says}`,
    evidence: [
      ...finding.evidence,
      { source: change.source, says: `${change.at} ${change.says}: ${advice}` },
    ],
    actions: finding.actions.flatMap((action) => steered(action, blamed)),
  };
}

/** A larger class is offered last where something else was changed, and not at all where it would change nothing. */
function steered(action: ProposedAction, { change, advice, largerClass }: Blamed): readonly ProposedAction[] {
  if (action.id !== "scale-instance-class" || change.kind === "class") return [action];
  if (largerClass === "useless") return [];
  return [{ ...action, consequence: `First: ${advice}. ${action.consequence}` }];
}
