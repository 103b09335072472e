import * as z from "zod";
import type { GroupUser, ParameterGroup, ParameterState } from "../../change-ports.ts";
import type { Followed } from "../../contract/work-order.ts";
import { list } from "../../text/wording.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Following, TakesBack } from "../steps.ts";
import { parametersBack, type SharedGroup, shownBefore } from "./parameters-back.ts";
import { type Setting, settingSchema } from "./setting.ts";

export function valuesText(values: readonly Setting[]): string {
  return list(values.map(({ name, value }) => `${name} to ${value}`));
}

/** Who uses the group: the cluster, or the instance itself. */
function ownId({ target }: AwsWorld, { level }: ParameterGroup): string {
  return (level === "cluster" ? target.clusterId : target.name) ?? target.name;
}

export async function ownOf(world: AwsWorld, group: ParameterGroup): Promise<GroupUser | undefined> {
  const own = ownId(world, group);
  return (await world.rds.usersOf(group, world.signal)).find(({ id }) => id === own);
}

export function knownOf(
  { rds, signal }: AwsWorld,
  group: SharedGroup,
  values: readonly Setting[],
): Promise<readonly ParameterState[]> {
  const names = values.map(({ name }) => name);
  return rds.parameters(group, names, signal);
}

export function isSet({ name, value }: Setting, known: readonly ParameterState[]): boolean {
  return known.some((one) => one.name === name && one.value === value);
}

const handleSchema = z.object({ before: z.array(settingSchema.nullable()) });

/** How far they are; what the database tells of the group, and what that has, proves it. */
export async function lookForParameters(
  world: AwsWorld,
  group: SharedGroup,
  values: readonly Setting[],
  running?: Followed,
): Promise<Following> {
  const { of } = group;
  const known = await knownOf(world, group, values);
  const mine = await ownOf(world, group);
  const own = ownId(world, group);
  const missing = values.filter((value) => !isSet(value, known));
  const undo = backOfSet(group, values, { known, running });
  const has = `${of} has ${missing.length === 0 ? valuesText(values) : `not yet ${valuesText(missing)}`}`;
  if (mine === undefined)
    return {
      kind: "failed",
      says: `${has}; ${own} does not use it any more, and has none of it. ${nextCommand(group)}`,
      undo,
    };
  const { status } = mine;
  const told = `${has}; ${own} is ${status ?? "not told to be in sync"}`;
  if (status === "failed-to-apply") return { kind: "failed", says: `${told}. ${nextCommand(group)}`, undo };
  if (missing.length === 0 && (status === "in-sync" || status === "pending-reboot")) {
    const waits = status === "pending-reboot" ? " Another change of the group waits for a restart." : "";
    return { kind: "ended", verdict: { kind: "verified", says: `${told}.${waits}` }, undo };
  }
  return notThere(told, missing.length > 0, { group, now: world.clock.now(), running, undo });
}

/** Of those that the group has by now, however it ends: others may use it, and the database again. */
function backOfSet(
  group: SharedGroup,
  values: readonly Setting[],
  { known, running }: { readonly known: readonly ParameterState[]; readonly running: Followed | undefined },
): TakesBack {
  // Of what was begun by an attempt that nobody has heard of, the order tells what was there before.
  const before = handleSchema.safeParse(running?.handle).data?.before ?? values.map(shownBefore);
  const set = values.map((value) => isSet(value, known));
  return parametersBack(
    group,
    before.filter((_, at) => set[at]),
    values.filter((_, at) => set[at]),
  );
}

interface Waiting {
  readonly group: SharedGroup;
  readonly now: number;
  readonly running: Followed | undefined;
  readonly undo: TakesBack;
}

function notThere(told: string, isMissing: boolean, { group, now, running, undo }: Waiting): Following {
  if (running === undefined) return { kind: "running", says: `${told}.`, undo };
  if (isMissing && now - Date.parse(running.startedAt) > 120_000)
    return {
      kind: "failed",
      says: `${told}: the call was not taken, or somebody has set it back. ${nextCommand(group)}`,
      undo,
    };
  const late = now >= Date.parse(running.until) ? ` ${nextCommand(group)}` : "";
  return { kind: "running", says: `${told}.${late}`, undo };
}

export function nextCommand({ of, level }: ParameterGroup): string {
  const word = level === "cluster" ? "db-cluster-parameter" : "db-parameter";
  return `Next: aws rds describe-${word}s --${word}-group-name ${of} --source user`;
}
