import { changeParameterOffer } from "../../actions/aws/change-parameter.ts";
import { enableSlowQueryLogOffer } from "../../actions/aws/enable-slow-query-log.ts";
import { ownGroupCalls } from "../../actions/aws/group-of-its-own.ts";
import { madeName } from "../../actions/aws/made.ts";
import { ownParameterGroupOffer } from "../../actions/aws/own-parameter-group.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { clusterIdOf, databaseKind } from "../../facts/database-kind.ts";
import { selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import {
  type Asked,
  type AwsRemedy,
  askTable,
  callOf,
  offerCall,
  pendingText,
  showCalls,
  shownNow,
  withholdCall,
} from "./aws-proposal.ts";
import { isClusterParameter } from "./parameter-levels.ts";
import { type SeenSetting, type Setting, settingsText, unseenText, withSeen } from "./parameter-settings.ts";

export interface ParameterChange extends Setting {
  readonly id: string;
  readonly spec: string;
  /** Of the same level, and set by the same call: without them the first does not do what it is for. */
  readonly also?: readonly Setting[];
}

/** With what the database has of each. */
interface Change extends Pick<ParameterChange, "id" | "spec"> {
  readonly settings: readonly SeenSetting[];
}

/**
 * A parameter is changed in its group, for everything that uses the group. A default group cannot be changed: then a
 * new one is made and used instead, whose values count after a restart, also those of dynamic parameters.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/parameter-groups-overview.html
 * `consequence`: of the value itself; whether it takes a restart is said here.
 */
export function changeParameter(view: View, change: ParameterChange, consequence: string): ProposedAction {
  const level = levelOf(view, change.name);
  const group = groupOf(view, level);
  const settings = withSeen(view, [change, ...(change.also ?? [])]);
  const seenChange = { id: change.id, spec: change.spec, settings };
  const remedy = remedyOf(seenChange, group, consequence);
  const set = askTable(view, `set-${level}-parameter`, group);
  if (set.is !== "call" || group === null) {
    return withholdCall(remedy, set.is === "call" ? "its parameter group could not be seen" : set.because);
  }
  return group.startsWith("default.")
    ? replaceDefault(view, remedy, { level, group, change: seenChange })
    : offered(view, set, seenChange, {
        ...{ level, group },
        remedy: { ...remedy, consequence: `${remedy.consequence} ${noRestart}` },
      });
}

/** Those that are named after what they are for stay a person's. */
const generalIds = ["change-parameter", "change-parameters"];

function offered(
  view: View,
  set: Extract<Asked, { is: "call" }>,
  change: Change,
  { level, group, remedy }: { readonly level: Level; readonly group: string; readonly remedy: AwsRemedy },
): ProposedAction {
  const shown = showCalls(view, remedy, [setCall(set, change)]);
  const told = { ...remedy, consequence: `${remedy.consequence}${unseenText(change.settings)}` };
  if (change.id === enableSlowQueryLogOffer.id) {
    const seen = Object.fromEntries(
      change.settings.flatMap((one) => (one.seen === undefined ? [] : [[one.name, one.seen]])),
    );
    const input = { of: group, level, seconds: view.thresholds.slowQuerySeconds, usedBy: [], seen };
    return offerCall(view, told, { offer: enableSlowQueryLogOffer, input, purpose: null }, shown);
  }
  if (!generalIds.includes(change.id)) return shown;
  const input = { of: group, level, values: change.settings.map((one) => ({ ...one })), usedBy: [] };
  return offerCall(view, told, { offer: changeParameterOffer, input, purpose: null }, shown);
}

/** Every parameter that remedies name is dynamic; RDS refuses to apply a static one immediately. */
const noRestart = "It takes no restart.";

type Level = "instance" | "cluster";

function levelOf(view: View, name: string): Level {
  if (databaseKind(view) === "multi-az-cluster") return "cluster";
  return isClusterParameter(name) && clusterIdOf(view) !== null ? "cluster" : "instance";
}

function groupOf(view: View, level: Level): string | null {
  return level === "cluster"
    ? (view.evidence.context?.topology?.cluster?.parameterGroup ?? null)
    : (selfOf(view)?.parameterGroups[0]?.name ?? null);
}

function setCall(asked: Extract<Asked, { is: "call" }>, change: Change): AwsCall {
  return callOf(asked, {
    Parameters: change.settings.map(({ name, value }) => ({
      ParameterName: name,
      ParameterValue: value,
      ApplyMethod: "immediate",
    })),
  });
}

interface Replacement {
  readonly level: Level;
  /** "default.postgres17": the family is its name. */
  readonly group: string;
  readonly change: Change;
}

function replaceDefault(
  view: View,
  remedy: AwsRemedy,
  { level, group, change }: Replacement,
): ProposedAction {
  const family = group.replace(/^default\./, "");
  const whose = level === "cluster" ? clusterIdOf(view) : view.evidence.target.name;
  const own = `${whose}-${family.replaceAll(/[^a-z0-9]+/gi, "-")}`;
  const make = askTable(view, `make-${level}-group`, own);
  const set = askTable(view, `set-${level}-parameter`, own);
  const use = askTable(view, `use-${level}-group`, own);
  if (make.is !== "call" || set.is !== "call" || use.is !== "call") {
    return withholdCall(remedy, "what its default parameter group can be replaced by could not be seen");
  }
  const groupName = level === "cluster" ? "DBClusterParameterGroupName" : "DBParameterGroupName";
  const replaced = {
    ...remedy,
    describes: `set ${settingsText(change.settings)} in a parameter group of its own: ${group}, a default group, cannot be changed`,
    consequence: `${consequenceAlone(remedy)} Until a restart the new group counts for nothing, and nothing restarts by itself: it is a decision of its own. Any restart brings it.${pendingText(view, use)}`,
  };
  return (
    offeredOwn(view, replaced, use, { level, group, change }) ??
    showCalls(view, replaced, [
      callOf(make, { DBParameterGroupFamily: family, Description: `parameters of ${whose}` }),
      setCall(set, change),
      callOf(use, { [groupName]: own, ApplyImmediately: true }),
    ])
  );
}

/** Null: that is a person's. */
function offeredOwn(
  view: View,
  remedy: AwsRemedy,
  use: Extract<Asked, { is: "call" }>,
  { level, group, change }: Replacement,
): ProposedAction | null {
  const { target } = view.evidence;
  const isOffered = [...generalIds, enableSlowQueryLogOffer.id].includes(change.id);
  if (use.row.whose !== level || !isOffered) return null;
  const whose = level === "cluster" ? use.name : target.name;
  const name = madeName(whose, group.replace(/^default\./, "").replaceAll(/[^a-z0-9]+/gi, "-"));
  const values = change.settings.map((one) => ({ ...one }));
  const input = { ...shownNow(view, use), level, group, name, values };
  const calls = ownGroupCalls(input, target);
  if (typeof calls === "string") return null;
  const offer = { offer: ownParameterGroupOffer, input, purpose: `use-${level}-group` } as const;
  const told = { ...remedy, consequence: `${remedy.consequence}${unseenText(change.settings)}` };
  return offerCall(view, told, offer, showCalls(view, remedy, calls));
}

function remedyOf(change: Change, group: string | null, consequence: string): AwsRemedy {
  return {
    id: change.id,
    spec: [change.spec],
    risk: "disruptive",
    describes: `set ${settingsText(change.settings)}${group === null ? "" : ` in the parameter group ${group}`}`,
    consequence: `${consequence}${shared}`,
  };
}

const shared = " It changes every database that uses the group.";

/** A group of its own is nobody else's. */
function consequenceAlone({ consequence }: AwsRemedy): string {
  return consequence.slice(0, -shared.length);
}
