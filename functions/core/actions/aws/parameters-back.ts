import type { ParameterGroup } from "../../change-ports.ts";
import { groupValue } from "../../text/parameter-value.ts";
import { list } from "../../text/wording.ts";
import type { TakesBack } from "../steps.ts";
import type { Setting } from "./setting.ts";

export interface SharedGroup extends ParameterGroup {
  readonly usedBy: readonly string[];
}

/** Of the default the engine has when nobody has set it only a reset of the parameter could be made again. */
export function parametersBack(
  group: SharedGroup,
  before: readonly (Setting | null)[],
  set: readonly Setting[],
): TakesBack {
  const values = before.filter((one) => one !== null);
  if (values.length === 0 || values.length < before.length) return null;
  const now = new Map(set.map(({ name, value }) => [name, value]));
  const back = values.map(({ name, value }) => ({ name, value, from: now.get(name) ?? value }));
  const { of, level, usedBy } = group;
  return { actionId: "change-parameter", input: { of, level, values: back, usedBy: [...usedBy] } };
}

/** Null: what it was before was not seen, or cannot be written as a value of a group. */
export function shownBefore({ name, from, seen }: Setting): Setting | null {
  const value = from ?? (seen === undefined ? null : groupValue(name, seen));
  return value === null ? null : { name, value };
}

/** CloudTrail, which would tell, is minutes behind an order that is good for one. */
export function maybeSetBack({ of }: SharedGroup, missing: readonly Setting[]): string {
  const told = list(missing.map(({ name, value }) => `${name} ${value}`));
  return `${of} has not ${told}: an earlier attempt at this order, that ended without an answer, may have set it, and somebody may have set it back since. Nothing was sent again: the values are looked for, and a person decides, and gives a new order if it is still wanted.`;
}
