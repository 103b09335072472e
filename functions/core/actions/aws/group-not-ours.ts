import type { ParameterGroup } from "../../change-ports.ts";
import type { Refusal } from "../../contract/work-order.ts";
import { list } from "../../text/wording.ts";
import type { AwsWorld } from "../define-aws.ts";
import { madeTag, orderTag } from "./made.ts";
import type { Setting } from "./setting.ts";

interface MadeGroup {
  /** Whose it is to be. */
  readonly of: string;
  readonly level: ParameterGroup["level"];
  /** The group of before, and the one that was made. */
  readonly group: string;
  readonly name: string;
  readonly values: readonly Setting[];
}

/** `notYet`: nothing speaks against it but what is missing, and of a group just made that may only not be seen yet. */
export type NotOurs = Refusal & { readonly notYet?: true };

/**
 * AWS asks for five minutes before a group that was made is used: RDS completes it only then.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html
 */
const completeMs = 300_000;

export function isComing({ notYet }: NotOurs, madeAt: number, now: number): boolean {
  return notYet === true && now - madeAt <= completeMs;
}

/**
 * A group's name is the same for every order on that database, and an undone one stays: only the tag of the order's own
 * making, nobody else in it, no value that neither the order nor the group of before has, and all that this one has, let
 * an attempt go on with it. Null: it may.
 */
export async function groupNotOurs(world: AwsWorld, input: MadeGroup): Promise<NotOurs | null> {
  const { rds, signal, orderId } = world;
  const { of, level, group, name, values } = input;
  const own: ParameterGroup = { of: name, level };
  const { tags, set } = await rds.groupState(own, signal);
  if (tags[madeTag] !== "group" || tags[orderTag] !== orderId)
    return {
      guard: "name-taken",
      reason: `There is a parameter group ${name}, and it is not this order's.`,
      release:
        "A person sets the values there (change-parameter) and has it used (use-parameter-group), or names another.",
      // One without any tag may be ours.
      ...(tags[madeTag] === undefined && tags[orderTag] === undefined ? { notYet: true } : {}),
    };
  const others = (await rds.usersOf(own, signal)).map(({ id }) => id).filter((id) => id !== of);
  if (others.length > 0) return notAlone(`${name} is used by ${list(others.slice(0, 10))} by now.`);
  const before = (await rds.groupState({ of: group, level }, signal)).set;
  const wanted = new Map(values.map((one) => [one.name, one.value]));
  const strange = [...set].filter(([key, value]) => value !== wanted.get(key) && value !== before.get(key));
  if (strange.length > 0)
    return notAlone(`${name} has ${told(strange)}, which neither this order nor ${group} has.`);
  // Of a default one nothing is copied: what it has is not its users' doing.
  if (group.startsWith("default.")) return null;
  const lost = [...before].filter(([key]) => !set.has(key) && !wanted.has(key));
  if (lost.length === 0) return null;
  const says = `${group} has ${told(lost)}, which ${name} has not: set since it was copied, or not copied yet, and lost if ${name} were used.`;
  return { ...notAlone(says), notYet: true };
}

function told(values: readonly (readonly [string, string])[]): string {
  return list(values.slice(0, 10).map(([key, value]) => `${key} ${value}`));
}

function notAlone(reason: string): Refusal {
  const release =
    "A person looks at the group, and gives the database that or another (use-parameter-group).";
  return { guard: "group-not-alone", reason, release };
}
