import type { ParameterState } from "../../change-ports.ts";
import { list } from "../../text/wording.ts";
import type { AwsWorld } from "../define-aws.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";
import type { OwnGroup } from "./group-of-its-own.ts";
import { changedSince } from "./parameter-moved.ts";

/** Whether its values can be set in a group of its own, and who keeps the group of before. */
export async function ownGroupCheck(
  { rds, signal }: AwsWorld,
  { of, level, group, values }: OwnGroup,
): Promise<Check> {
  const old = { of: group, level };
  const names = values.map(({ name }) => name);
  const known = await rds.parameters(old, names, signal);
  const moved = changedSince(group, values, known);
  if (moved !== null) return moved;
  const wrong = names.flatMap((name) => notSettable(name, known));
  if (wrong.length > 0)
    return refuse("parameter-not-settable", `Of ${group}: ${list(wrong)}.`, "A person names another.");
  const others = (await rds.usersOf(old, signal)).map(({ id }) => id).filter((id) => id !== of);
  const more = others.length > 10 ? [`${others.length - 10} more`] : [];
  const keep =
    others.length === 0
      ? ""
      : ` It is used by ${list([...others.slice(0, 10), ...more])}, too: they keep it.`;
  const before = list(known.map(({ name, value }) => `${name} ${value ?? "(not set)"}`));
  return { kind: "go", says: `Before: ${before}, in ${group}.${keep}` };
}

function notSettable(name: string, known: readonly ParameterState[]): readonly string[] {
  const one = known.find((each) => each.name === name);
  if (one === undefined) return [`${name} is no parameter of it`];
  return one.modifiable ? [] : [`${name} cannot be modified`];
}
