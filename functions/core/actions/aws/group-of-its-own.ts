import * as z from "zod";
import type { Changeable } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import { AwsError } from "../../errors.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callOn, rowFor } from "../aws-calls/call-for.ts";
import type { AwsWorld } from "../define-aws.ts";
import { madeNameSchema, madeTags } from "./made.ts";
import { settingSchema } from "./setting.ts";
import { shownShape } from "./shown.ts";

export const ownGroupSchema = z.strictObject({
  ...shownShape,
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
export function ownGroupCalls(input: OwnGroup, target: Target): readonly AwsCall[] | string {
  const { of, group, name, values } = input;
  const family = familyOf(group);
  const make =
    family === null
      ? rowFor(target, "copy-instance-group", group)
      : rowFor(target, "make-instance-group", name);
  const set = rowFor(target, "set-instance-parameter", name);
  const use = useGroupCall(name, target);
  if (make.is === "none") return make.because;
  if (set.is === "none") return set.because;
  if (typeof use === "string") return use;
  const Tags = madeTags("group");
  const made =
    family === null
      ? {
          TargetDBParameterGroupIdentifier: name,
          TargetDBParameterGroupDescription: `parameters of ${of}`,
          Tags,
        }
      : { DBParameterGroupFamily: family, Description: `parameters of ${of}`, Tags };
  const Parameters = values.map(({ name: ParameterName, value }) => ({
    ...{ ParameterName, ParameterValue: value, ApplyMethod: "pending-reboot" },
  }));
  return [callOn(make, made), callOn(set, { Parameters }), use];
}

export function useGroupCall(name: string, target: Target): AwsCall | string {
  const use = rowFor(target, "use-instance-group");
  if (use.is === "none") return use.because;
  if (use.row.whose !== "instance")
    return "its group is the cluster's, which a person replaces for all of it";
  return callOn(use, { DBParameterGroupName: name, ApplyImmediately: true });
}

/** What is still to be sent; empty: all of it is there. `known`: how the instance stands. */
export async function callsLeft(
  world: AwsWorld,
  input: OwnGroup,
  { parameterGroups }: Changeable,
): Promise<readonly AwsCall[] | string> {
  const calls = ownGroupCalls(input, world.target);
  if (typeof calls === "string") return calls;
  const missing = await valuesMissing(world, input);
  if (missing === null) return calls;
  const [, set, use] = calls;
  const isUsed = parameterGroups.some(({ name }) => name === input.name);
  return [...(set && missing.length > 0 ? [set] : []), ...(use && !isUsed ? [use] : [])];
}

/** The names of those that the new group has not. Null: there is no such group. */
export async function valuesMissing(
  { rds, signal }: AwsWorld,
  { name: of, values }: OwnGroup,
): Promise<readonly string[] | null> {
  const names = values.map(({ name }) => name);
  try {
    const known = await rds.parameters({ of, level: "instance" }, names, signal);
    const has = new Map(known.map(({ name, value }) => [name, value]));
    return values.flatMap(({ name, value }) => (has.get(name) === value ? [] : [name]));
  } catch (error) {
    if (error instanceof AwsError && /^DBParameterGroupNotFound/.test(error.code)) return null;
    throw error;
  }
}
