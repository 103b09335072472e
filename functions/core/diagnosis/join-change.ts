import type { CauseId } from "../contract/cause-ids.ts";
import type { Finding, ProposedAction } from "../contract/finding.ts";
import { type Blamed, blamedChange } from "../facts/blamed-change.ts";
import { type Deviation, deviations } from "../facts/deviations.ts";
import { selfOf } from "../facts/rds-facts.ts";
import type { View } from "../facts/view.ts";
import { whatChanged } from "../facts/what-changed.ts";

const plans: readonly CauseId[] = ["expensive-statement", "plan-regression", "query-regression"];
const io: readonly CauseId[] = ["io-saturated", "spilling-query"];
const cache: readonly CauseId[] = ["cache-too-small", "cold-cache"];
const stalls: readonly CauseId[] = ["commit-stall", "write-stall"];

/** Which findings are seen by it; others by what the server says alone, or tell of the change themselves. */
const seenBy: Readonly<Record<Deviation, readonly CauseId[]>> = {
  cpu: ["cpu-saturated", ...plans],
  reads: [...io, ...cache, ...plans],
  writes: [...io, ...stalls],
  memory: ["memory-pressure"],
  connections: ["connections-near-limit", "too-many-connections", "connection-leak", "connection-storm"],
  space: ["storage-low", "log-or-binlog-fills-storage", "wal-retained-by-slot"],
  away: ["database-unreachable"],
  lag: ["replication-lag"],
  load: [...io, ...cache, ...stalls, "latch-contention", "hot-row-contention"],
};

/** A root cause with what was changed shortly before it began (SPEC M7): when, by whom, and what that makes of the remedy. */
export function joinChange(view: View, finding: Finding): Finding {
  if (finding.id === "restart-or-crash") return withInForce(view, finding);
  if (
    finding.id === "database-unreachable" &&
    /^(stop|start|fail|inaccess|storage-full|incompat|delet|restore-err)/.test(selfOf(view)?.status ?? "")
  )
    return finding;
  if (finding.severity === "P3" || finding.nature === "chronic") return finding;
  const said = [finding.summary, ...finding.evidence.map(({ says }) => says)].join("\n");
  const blamed = blamedChange(
    view,
    deviations.filter((each) => seenBy[each].some((id) => id === finding.id)),
    said,
  );
  return blamed === null || said.includes(blamed.change.says) ? finding : joined(finding, blamed);
}

/** What waited for the restart. */
function withInForce(view: View, finding: Finding): Finding {
  const change = whatChanged(view).find(
    ({ kind, at }) => kind === "parameter" && finding.evidence.some(({ says }) => says.startsWith(at)),
  );
  return change === undefined
    ? finding
    : { ...finding, summary: `${finding.summary}; it put ${change.says} in force` };
}

function joined(finding: Finding, blamed: Blamed): Finding {
  const { change, says, advice } = blamed;
  return {
    ...finding,
    summary: `${finding.summary}; ${says}`,
    evidence: [
      { source: change.source, says: `${change.at} ${change.says}: ${advice}` },
      ...finding.evidence,
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
