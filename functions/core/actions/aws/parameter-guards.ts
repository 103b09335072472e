import type { ParameterState } from "../../change-ports.ts";
import { list } from "../../text/wording.ts";
import type { AwsWorld } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";
import { changedSince } from "./parameter-moved.ts";
import type { Setting } from "./setting.ts";

interface Group {
  readonly of: string;
  readonly level: "instance" | "cluster";
  readonly usedBy: readonly string[];
}

/** What speaks against changing these of the group; null: nothing. */
export async function parameterRefusal(
  world: AwsWorld,
  group: Group,
  values: readonly Setting[],
  known: readonly ParameterState[],
): Promise<Check | null> {
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/parameter-groups-overview.html
  if (group.of.startsWith("default.")) {
    return refuse(
      "default-group",
      `${group.of} is a default group, which cannot be changed.`,
      "An approver lets it have a group of its own (own-parameter-group); its values count after a restart.",
    );
  }
  return (
    (await notSettable(world, group, values, known)) ??
    (await notAlone(world, group)) ??
    changedSince(group.of, values, known)
  );
}

/** RDS refuses to apply a static one immediately, and does not say which of several it is. */
async function notSettable(
  world: AwsWorld,
  { of, level }: Group,
  values: readonly Setting[],
  known: readonly ParameterState[],
): Promise<Check | null> {
  const missing = values.flatMap(({ name }) => (known.some((one) => one.name === name) ? [] : [name]));
  const elsewhere = missing.length === 0 ? null : await otherOwner(world, level, missing);
  const why = values.flatMap(({ name }) => {
    const one = known.find((each) => each.name === name);
    if (one === undefined) return [`${name} is no parameter of it`];
    if (!one.modifiable) return [`${name} cannot be modified`];
    return one.dynamic ? [] : [`${name} is static: it counts after a restart`];
  });
  if (why.length === 0) return null;
  return refuse(
    "parameter-not-dynamic",
    `Of ${of}: ${list(why)}.`,
    elsewhere ?? "A person sets it with ApplyMethod=pending-reboot, and restarts at a quiet time.",
  );
}

/** A cluster has its own group beside those of its instances: which of them has it RDS tells. Null: neither. */
async function otherOwner(
  { rds, target, signal }: AwsWorld,
  level: Group["level"],
  names: readonly string[],
): Promise<string | null> {
  const other = level === "instance" ? "cluster" : "instance";
  const id = other === "cluster" ? target.clusterId : target.name;
  const state = id === null ? null : await rds.describe({ kind: other, id }, signal);
  const group = state?.parameterGroups[0]?.name;
  if (group === undefined) return null;
  const theirs = await rds.parameters({ of: group, level: other }, names, signal);
  const found = theirs.filter(({ modifiable }) => modifiable).map(({ name }) => name);
  return found.length === 0
    ? null
    : `It is the ${other}'s: ${list(found)} ${found.length === 1 ? "is" : "are"} in ${group}, level ${other}; a person proposes it there.`;
}

/** What it changes it changes for everybody who uses the group. */
async function notAlone({ rds, target, signal }: AwsWorld, group: Group): Promise<Check | null> {
  const { of, level, usedBy } = group;
  const users = (await rds.usersOf(group, signal)).map(({ id }) => id);
  const own = level === "cluster" ? target.clusterId : target.name;
  if (own === null || !users.includes(own)) {
    return refuse(
      "another-database",
      `${own ?? target.name} does not use the parameter group ${of}.`,
      looksAgain,
    );
  }
  const others = users.filter((id) => id !== own && !usedBy.includes(id));
  if (others.length === 0) return null;
  return refuse(
    "shared-group",
    `${of} is used by ${list(others)}, too: the change would be theirs as well, and that was not shown.`,
    "A person decides for all of them, or gives this database a group of its own (own-parameter-group), which counts after a restart.",
  );
}
