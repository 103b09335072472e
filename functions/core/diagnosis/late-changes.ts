import type { Finding } from "../contract/finding.ts";
import { parametersSet } from "../facts/parameters-set.ts";
import { minutesSince } from "../facts/rds-facts.ts";
import type { View } from "../facts/view.ts";
import { duration, list } from "../text/wording.ts";

const dayMinutes = 24 * 60;
const shown = 3;
const longest = 160;

/** Calls that change what a database is, has or lets in; copies, tags and snapshots change nothing. */
const changes =
  /^(Modify|Add|Remove|Reset|Reboot|Failover|Promote|Switchover|Apply|Authorize|Revoke|Register)/;
const ofNothing = /Tags|Snapshot|ParameterGroup$|EventSubscription/;

/**
 * A cause of now with what was set or asked for within a day before, where its finding tells none of it: no rule says that
 * it is why, and whoever looks asks first what was changed.
 */
export function withLateChanges(view: View, finding: Finding): Finding {
  if (finding.severity === "P3" || finding.nature === "chronic") return finding;
  const said = [finding.summary, ...finding.evidence.map(({ says }) => says)].join("\n");
  const late = [...ofParameters(view), ...ofCalls(view)].filter(
    ({ name, at }) => !said.includes(name) && isLate(view, at),
  );
  if (late.length === 0) return finding;
  const newest = late.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, shown);
  const says = `changed within the day before, which may have nothing to do with it: ${list(newest.map((one) => `${one.says} ${duration(60 * minutesSince(view, one.at))} ago`))}`;
  return { ...finding, evidence: [...finding.evidence, { source: "RDS", says }] };
}

interface Late {
  readonly at: string;
  readonly name: string;
  readonly says: string;
}

function isLate(view: View, at: string): boolean {
  const minutes = minutesSince(view, at);
  return minutes >= 0 && minutes <= dayMinutes;
}

function ofParameters(view: View): readonly Late[] {
  return parametersSet(view).map(({ name, value, at, by }) => ({
    at,
    name,
    says: `${name} to ${value}${byText(by)}`,
  }));
}

function ofCalls({ evidence: { context } }: View): readonly Late[] {
  return (context?.changes ?? []).flatMap(({ source, what, by, detail, error, at }) => {
    if (source !== "cloudtrail" || error !== null || !changes.test(what) || ofNothing.test(what)) return [];
    const how = detail === null ? "" : ` (${detail.slice(0, longest)})`;
    return [{ at, name: what, says: `${what}${how}${byText(by)}` }];
  });
}

function byText(by: string | null): string {
  return by === null ? "" : ` by ${by}`;
}
