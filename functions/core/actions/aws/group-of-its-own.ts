import * as z from "zod";
import type { Changeable } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import { AwsError } from "../../errors.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { list } from "../../text/wording.ts";
import { callOn, rowFor } from "../aws-calls/call-for.ts";
import type { AwsWorld } from "../define-aws.ts";
import { looksAgain } from "../signals/refuse.ts";
import { groupNotOurs, type NotOurs } from "./group-not-ours.ts";
import { madeNameSchema, madeTags, orderTag } from "./made.ts";
import { settingSchema } from "./setting.ts";
import { shownShape } from "./shown.ts";

export const ownGroupSchema = z.strictObject({
  ...shownShape,
  /** Of which the group is: of the cluster for all of its instances. */
  level: z.enum(["instance", "cluster"]).default("instance"),
  /** The group that it uses: a default one, or one that others use, too. It stays as it is. */
  group: z.string().min(1),
  /** Of the new one. */
  name: madeNameSchema,
  values: z.array(settingSchema).min(1).max(20),
});
export type OwnGroup = z.infer<typeof ownGroupSchema>;

/** "default.postgres17": the family is its name. Null: it is no default one, and is copied with all that it has. */
function familyOf(group: string): string | null {
  return group.startsWith("default.") ? group.slice("default.".length) : null;
}

/**
 * Made, filled, used: each changes nothing by itself until the last, and that not before a restart. What the values were
 * set for takes one, so none has to be dynamic.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.Associating.html
 */
export function ownGroupCalls(
  input: OwnGroup,
  target: Target,
  orderId: string | null = null,
): readonly AwsCall[] | string {
  const { level, name, values } = input;
  const make = makeCall(input, target, orderId);
  const set = rowFor(target, `set-${level}-parameter`, name);
  const use = useGroupCall(name, level, target);
  if (typeof make === "string") return make;
  if (set.is === "none") return set.because;
  if (typeof use === "string") return use;
  const Parameters = values.map(({ name: ParameterName, value }) => ({
    ...{ ParameterName, ParameterValue: value, ApplyMethod: "pending-reboot" },
  }));
  return [make, callOn(set, { Parameters }), use];
}

function makeCall(
  { of, level, group, name }: OwnGroup,
  target: Target,
  orderId: string | null,
): AwsCall | string {
  const family = familyOf(group);
  // What is shown to be pasted is nobody's order.
  const ofOrder = orderId === null ? [] : [{ Key: orderTag, Value: orderId }];
  const Tags = [...madeTags("group"), ...ofOrder];
  const Description = `parameters of ${of}`;
  const make =
    family === null
      ? rowFor(target, `copy-${level}-group`, group)
      : rowFor(target, `make-${level}-group`, name);
  if (make.is === "none") return make.because;
  if (family !== null) return callOn(make, { DBParameterGroupFamily: family, Description, Tags });
  const prefix = level === "cluster" ? "TargetDBClusterParameterGroup" : "TargetDBParameterGroup";
  return callOn(make, { [`${prefix}Identifier`]: name, [`${prefix}Description`]: Description, Tags });
}

export function useGroupCall(name: string, level: "instance" | "cluster", target: Target): AwsCall | string {
  const use = rowFor(target, `use-${level}-group`);
  if (use.is === "none") return use.because;
  if (use.row.whose !== level) return "its group is the cluster's, and is replaced for all of it";
  const of = level === "cluster" ? "DBClusterParameterGroupName" : "DBParameterGroupName";
  return callOn(use, { [of]: name, ApplyImmediately: true });
}

export function uses({ parameterGroups }: Changeable, group: string): boolean {
  return parameterGroups.some(({ name }) => name === group);
}

/** Asked before every call: what a person has given it meanwhile is not replaced. Null: it has the group of before, or the new one. */
export function anotherGiven(
  state: Changeable,
  { of, group, name }: Pick<OwnGroup, "of" | "group" | "name">,
): NotOurs | null {
  if (uses(state, group) || uses(state, name)) return null;
  const others = list(state.parameterGroups.map((one) => one.name));
  const reason = `${of} does not use ${group} any more, but ${others === "" ? "none that is told" : others}.`;
  return { guard: "state-changed", reason, release: looksAgain };
}

/** What is still to be sent; empty: all of it is there. */
export async function callsLeft(
  world: AwsWorld,
  input: OwnGroup,
  state: Changeable,
): Promise<readonly AwsCall[] | NotOurs> {
  const calls = ownGroupCalls(input, world.target, world.orderId);
  if (typeof calls === "string")
    return { guard: "no-such-call", reason: `There is no such call: ${calls}.`, release: looksAgain };
  const another = anotherGiven(state, input);
  if (another !== null) return another;
  const isUsed = uses(state, input.name);
  const missing = await valuesMissing(world, input);
  if (missing === null) return calls;
  const [, set, use] = calls;
  const left = [...(set && missing.length > 0 ? [set] : []), ...(use && !isUsed ? [use] : [])];
  return (left.length === 0 ? null : await groupNotOurs(world, input)) ?? left;
}

/** The names of those that the new group has not. Null: there is no such group. */
export async function valuesMissing(
  { rds, signal }: AwsWorld,
  { name: of, level, values }: OwnGroup,
): Promise<readonly string[] | null> {
  const names = values.map(({ name }) => name);
  try {
    const known = await rds.parameters({ of, level }, names, signal);
    const has = new Map(known.map(({ name, value }) => [name, value]));
    return values.flatMap(({ name, value }) => (has.get(name) === value ? [] : [name]));
  } catch (error) {
    if (error instanceof AwsError && isNotFound(error.code)) return null;
    throw error;
  }
}

export function isNotFound(code: string): boolean {
  return /^DB(Cluster)?ParameterGroupNotFound/.test(code);
}
