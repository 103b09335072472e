import type { Change } from "../contract/context.ts";
import type { Finding } from "../contract/finding.ts";
import { argument, callBefore, callsOf, callText, namesOnly } from "../facts/change-calls.ts";
import { parametersSet, setText } from "../facts/parameters-set.ts";
import { minutesSince } from "../facts/rds-facts.ts";
import type { View } from "../facts/view.ts";
import { whatChanged } from "../facts/what-changed.ts";
import { duration, list } from "../text/wording.ts";

const dayMinutes = 24 * 60;
const shown = 3;
/** Behind what is surest of the finding. */
const place = 3;

/** Calls that change what a database is, has or lets in; copies, tags and snapshots change nothing. */
const changing = /^(Modify|Add|Remove|Reset|Reboot|Failover|Promote|Switchover|Apply|Start|Stop|Register)/;
const ofNothing = /Tags|Snapshot|ParameterGroup$|Subscription/;
const moving = /^(Reboot|Failover|Switchover|Promote|Start|Stop)/;
const movedBy: readonly string[] = ["failover-happened", "restart-or-crash"];

/**
 * A cause of now with what was set or asked for within a day before, where its finding tells none of it: whoever looks asks
 * first what was changed.
 */
export function withLateChanges(view: View, finding: Finding): Finding {
  if (finding.severity === "P3" || finding.nature === "chronic") return finding;
  const said = [finding.summary, ...finding.evidence.map(({ says }) => says)].join("\n");
  const late = [...ofParameters(view, said), ...ofCalls(view, finding.id, said)].filter(({ at }) =>
    isLate(view, at),
  );
  if (late.length === 0) return finding;
  const newest = late.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, shown);
  const each = newest.map(({ says, at }) => `${says} ${duration(60 * minutesSince(view, at))} ago`);
  const says = `set or asked for within the day before, and no rule says whether it has to do with it: ${list(each)}`;
  const source = newest.some((one) => one.isCall) ? "CloudTrail" : "DescribeEvents";
  const evidence = finding.evidence.toSpliced(place, 0, { source, says });
  return { ...finding, evidence };
}

interface Late {
  readonly at: string;
  readonly isCall: boolean;
  readonly says: string;
}

function isLate(view: View, at: string): boolean {
  return at <= view.evidence.collectedAt && minutesSince(view, at) <= dayMinutes;
}

function ofParameters(view: View, said: string): readonly Late[] {
  const newest = new Map(
    parametersSet(view)
      .toReversed()
      .map((set) => [set.name, set]),
  );
  return [...newest.values()]
    .filter((set) => !said.includes(` ${setText({ ...set, by: null })}`))
    .map((set) => ({
      at: set.at,
      isCall: set.by !== null,
      says: `${setText(set)}${/^immediate/i.test(set.method) || isInForce(view, set) ? "" : ", from its next restart on,"}`,
    }));
}

function ofCalls(view: View, id: string, said: string): readonly Late[] {
  const told = whatChanged(view).filter((one) => said.includes(one.says));
  const toldCalls = told.map(({ kind, at }) => callBefore(view, kind, at));
  return callsOf(view)
    .filter(({ what }) => changing.test(what) && !ofNothing.test(what))
    .filter(
      (call) =>
        !toldCalls.includes(call) &&
        !said.includes(callText(call)) &&
        !(movedBy.includes(id) && moving.test(call.what) && call.by !== null && said.includes(call.by)),
    )
    .map((call) => ({
      at: call.at,
      isCall: true,
      says: `${callText(call)}${whenText(call)}`,
    }));
}

function whenText(call: Change): string {
  return argument(call, "applyImmediately") === "false" && !namesOnly(call, atOnce)
    ? ", for its maintenance window,"
    : "";
}

/** RDS makes these at once, whatever is asked for. */
const atOnce =
  /^(dB(Instance|Cluster)Identifier|applyImmediately|vpcSecurityGroupIds|masterUserPassword|serverlessV2ScalingConfiguration|deletionProtection|tags)$/i;

function isInForce(view: View, { name, at }: { readonly name: string; readonly at: string }): boolean {
  return whatChanged(view).some((one) => one.kind === "parameter" && one.name === name && one.at >= at);
}
