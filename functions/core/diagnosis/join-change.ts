import type { Finding, ProposedAction } from "../contract/finding.ts";
import { type Blamed, blamedChange } from "../facts/blamed-change.ts";
import { type Deviation, deviations } from "../facts/deviations.ts";
import { selfOf } from "../facts/rds-facts.ts";
import type { View } from "../facts/view.ts";
import { whatChanged } from "../facts/what-changed.ts";

/** Which findings are seen by it; others by what the server says alone, or tell of the change themselves. */
const seenBy: Readonly<Record<Deviation, RegExp>> = {
  cpu: /^(cpu-|expensive-|\w+-regression)/,
  reads: /^(io-|c\w+-cache|cache-|spilling-|expensive-|\w+-regression)/,
  writes: /^(io-|(commit|write)-stall|spilling-)/,
  memory: /^memory-/,
  connections: /connections|^connection-/,
  space: /^storage-|^wal-|fills-storage/,
  away: /^database-u/,
  lag: /^replication-lag/,
  load: /^(io-|c\w+-cache|cache-|spilling-|(commit|write)-stall|latch-|hot-row-)/,
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
    deviations.filter((each) => seenBy[each].test(finding.id)),
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
