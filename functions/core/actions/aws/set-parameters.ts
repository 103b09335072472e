import * as z from "zod";
import type { GroupUser, ParameterGroup, ParameterState } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { list } from "../../text/wording.ts";
import { callOn, rowFor } from "../aws-calls/call-for.ts";
import type { AwsRun, AwsWorld } from "../define-aws.ts";
import { refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, verdictOf } from "../steps.ts";
import { parameterRefusal } from "./parameter-guards.ts";
import { maybeSetBack, parametersBack, type SharedGroup, shownBefore } from "./parameters-back.ts";
import { sendOnce } from "./send-once.ts";
import { type Setting, settingSchema } from "./setting.ts";

/** The parameter group that is changed, and who was shown to use it. In every input that changes parameters. */
export const groupShape = {
  of: z.string().min(1),
  /** On which level it is one. */
  level: z.enum(["instance", "cluster"]),
  usedBy: z.array(z.string()).default([]),
};

type ValuesOf<Input> = (input: Input, target: Target) => readonly Setting[];

const longestSeconds = 900;

/** Dynamic parameters set in their group; what it has afterwards proves it. */
export function setsParameters<Input extends SharedGroup>(valuesOf: ValuesOf<Input>): AwsRun<Input> {
  return {
    calls: ["ModifyDBParameterGroup", "ModifyDBClusterParameterGroup"],
    preCheck: (world, input) => preCheck(world, input, valuesOf(input, world.target)),
    run: (world, input) => run(world, input, valuesOf(input, world.target)),
    verify: async (world, input) => verdictOf(await look(world, input, valuesOf(input, world.target))),
    follow: (world, input, running) => look(world, input, valuesOf(input, world.target), running),
  };
}

export function valuesText(values: readonly Setting[]): string {
  return list(values.map(({ name, value }) => `${name} to ${value}`));
}

export function parameterCall(
  { of, level }: ParameterGroup,
  values: readonly Setting[],
  target: Target,
): AwsCall | string {
  const found = rowFor(target, `set-${level}-parameter`, of);
  if (found.is === "none") return found.because;
  const Parameters = values.map(({ name, value }) => ({
    ...{ ParameterName: name, ParameterValue: value, ApplyMethod: "immediate" },
  }));
  return callOn(found, { Parameters });
}

async function preCheck(world: AwsWorld, group: SharedGroup, values: readonly Setting[]): Promise<Check> {
  const { of } = group;
  const known = of.startsWith("default.") ? [] : await knownOf(world, group, values);
  const before = list(
    values.map(({ name }) => `${name} ${known.find((one) => one.name === name)?.value ?? "(not set)"}`),
  );
  const mine = of.startsWith("default.") ? undefined : await ownOf(world, group);
  const there = mine !== undefined && values.every((value) => isSet(value, known));
  return (
    (there ? repeatKeeps(world, alreadyThere(group, before, mine), group, values) : null) ??
    (await parameterRefusal(world, group, values, known)) ?? {
      kind: "go",
      says: `Before: ${before}, in ${of}.`,
    }
  );
}

/** That a group has a value is no proof that the database has it; one that waits for a restart is sent once more, for now. */
function alreadyThere(group: SharedGroup, before: string, { id, status }: GroupUser): Check | null {
  const says = `${group.of} has ${before} already; ${id} is ${status ?? "not told to be in sync"}.`;
  if (status === "failed-to-apply")
    return refuse("not-applied", says, `A person finds out why. ${nextCommand(group)}`);
  if (status === "pending-reboot") return null;
  return status === "in-sync"
    ? { kind: "already-done", says }
    : { kind: "already-done", says, unproved: true };
}

/** What an attempt that died may have set counts as set by this order: by what was shown it is taken back. */
function repeatKeeps(
  { repeated }: AwsWorld,
  check: Check | null,
  group: SharedGroup,
  values: readonly Setting[],
): Check | null {
  if (!repeated || check?.kind !== "already-done") return check;
  const undo = parametersBack(group, values.map(shownBefore), values);
  const says = `${check.says} An earlier attempt at this order may have set it.`;
  return undo === null ? { ...check, says } : { ...check, says, undo };
}

/** Who uses the group: the cluster, or the instance itself. */
function ownId({ target }: AwsWorld, { level }: ParameterGroup): string {
  return (level === "cluster" ? target.clusterId : target.name) ?? target.name;
}

async function ownOf(world: AwsWorld, group: ParameterGroup): Promise<GroupUser | undefined> {
  const own = ownId(world, group);
  return (await world.rds.usersOf(group, world.signal)).find(({ id }) => id === own);
}

function knownOf(
  { rds, signal }: AwsWorld,
  group: SharedGroup,
  values: readonly Setting[],
): Promise<readonly ParameterState[]> {
  const names = values.map(({ name }) => name);
  return rds.parameters(group, names, signal);
}

function isSet({ name, value }: Setting, known: readonly ParameterState[]): boolean {
  return known.some((one) => one.name === name && one.value === value);
}

const handleSchema = z.object({ before: z.array(settingSchema.nullable()) }).catch({ before: [] });

async function run(world: AwsWorld, group: SharedGroup, values: readonly Setting[]): Promise<Run> {
  const known = await knownOf(world, group, values);
  const missing = values.filter((value) => !isSet(value, known));
  if (world.repeated && !world.onlyLook && missing.length > 0) return maybeSetBack(group, missing);
  const before = values.map((setting) => {
    const { name } = setting;
    if (world.repeated && isSet(setting, known)) return shownBefore(setting);
    const value = known.find((one) => one.name === name)?.value ?? null;
    return value === null ? null : { name, value };
  });
  // The same values a second time are the same values.
  const began = await sendOnce(world, parameterCall(group, values, world.target), longestSeconds, {
    taken: `RDS has taken ${valuesText(values)}, and applies it.`,
    lookedFor: "The values are looked for.",
    nothingThere: "nothing of it is there",
  });
  return began.kind === "began"
    ? { ...began, handle: { before }, undo: parametersBack(group, before, values) }
    : began;
}

async function look(
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
  const has = `${of} has ${missing.length === 0 ? valuesText(values) : `not yet ${valuesText(missing)}`}`;
  if (mine === undefined)
    return {
      kind: "failed",
      says: `${has}; ${own} does not use it any more, and has none of it. ${nextCommand(group)}`,
    };
  const { status } = mine;
  const told = `${has}; ${own} is ${status ?? "not told to be in sync"}`;
  if (status === "failed-to-apply") return { kind: "failed", says: `${told}. ${nextCommand(group)}` };
  if (missing.length === 0 && (status === "in-sync" || status === "pending-reboot")) {
    const waits = status === "pending-reboot" ? " Another change of the group waits for a restart." : "";
    const undo = parametersBack(group, handleSchema.parse(running?.handle).before, values);
    return { kind: "ended", verdict: { kind: "verified", says: `${told}.${waits}` }, undo };
  }
  return notThere(told, missing.length > 0, { group, now: world.clock.now(), running });
}

interface Waiting {
  readonly group: SharedGroup;
  readonly now: number;
  readonly running: Followed | undefined;
}

function notThere(told: string, isMissing: boolean, { group, now, running }: Waiting): Following {
  if (running === undefined) return { kind: "running", says: `${told}.` };
  if (isMissing && now - Date.parse(running.startedAt) > 120_000)
    return { kind: "failed", says: `${told}: the call was not taken. ${nextCommand(group)}` };
  const late = now >= Date.parse(running.until) ? ` ${nextCommand(group)}` : "";
  return { kind: "running", says: `${told}.${late}` };
}

function nextCommand({ of, level }: ParameterGroup): string {
  const word = level === "cluster" ? "db-cluster-parameter" : "db-parameter";
  return `Next: aws rds describe-${word}s --${word}-group-name ${of} --source user`;
}
