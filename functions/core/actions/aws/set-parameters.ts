import * as z from "zod";
import type { GroupUser, ParameterGroup, ParameterState } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { list } from "../../text/wording.ts";
import { callOn, rowFor } from "../aws-calls/call-for.ts";
import type { AwsRun, AwsWorld } from "../define-aws.ts";
import { refuse } from "../signals/refuse.ts";
import { type Check, type Run, verdictOf } from "../steps.ts";
import { triedBefore } from "./guards.ts";
import { isSet, knownOf, lookForParameters, nextCommand, ownOf, valuesText } from "./look-for-parameters.ts";
import { parameterRefusal } from "./parameter-guards.ts";
import { maybeSetBack, parametersBack, type SharedGroup, shownBefore } from "./parameters-back.ts";
import { seenFirst } from "./seen-first.ts";
import { began, sendOnce } from "./send-once.ts";
import type { Setting } from "./setting.ts";

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
    verify: async (world, input) =>
      verdictOf(await lookForParameters(world, input, valuesOf(input, world.target))),
    follow: (world, input, running) =>
      lookForParameters(world, input, valuesOf(input, world.target), running),
  };
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

/**
 * What speaks against it by the order alone did so at the first attempt, too; all else the first may have brought about, or
 * somebody since.
 */
const ofTheOrder: ReadonlySet<string> = new Set(["default-group", "parameter-not-dynamic"]);

async function preCheck(world: AwsWorld, group: SharedGroup, values: readonly Setting[]): Promise<Check> {
  const check = await asItIs(world, group, values);
  if (!world.repeated || check.kind !== "refuse" || ofTheOrder.has(check.guard)) return check;
  return { kind: "go", says: `${triedBefore} ${check.reason}` };
}

async function asItIs(world: AwsWorld, group: SharedGroup, values: readonly Setting[]): Promise<Check> {
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

async function run(world: AwsWorld, group: SharedGroup, values: readonly Setting[]): Promise<Run> {
  const read = await seenFirst(() => knownOf(world, group, values));
  if ("not" in read && !world.repeated) return read.not;
  const known = "not" in read ? null : read.seen;
  const before = values.map((setting) =>
    known === null ? shownBefore(setting) : beforeIt(world, setting, known),
  );
  const ran =
    known === null
      ? began(world, longestSeconds, `${triedBefore} Nothing was sent again: the values are looked for.`)
      : await sendsOrLooks(world, group, values, known);
  return ran.kind === "began"
    ? { ...ran, handle: { before }, undo: parametersBack(group, before, values) }
    : ran;
}

/** What was there before an earlier attempt only the order tells; of what that did not set, what is there now. */
function beforeIt(
  { repeated }: AwsWorld,
  setting: Setting,
  known: readonly ParameterState[],
): Setting | null {
  const shown = repeated ? shownBefore(setting) : null;
  if (shown !== null || (repeated && isSet(setting, known))) return shown;
  const { name } = setting;
  const value = known.find((one) => one.name === name)?.value ?? null;
  return value === null ? null : { name, value };
}

async function sendsOrLooks(
  world: AwsWorld,
  group: SharedGroup,
  values: readonly Setting[],
  known: readonly ParameterState[],
): Promise<Run> {
  const missing = values.filter((value) => !isSet(value, known));
  const looks = (says: string): Run => began(world, longestSeconds, says);
  if (world.repeated && missing.length > 0 && !world.onlyLook) return looks(maybeSetBack(group, missing));
  const check = world.repeated ? await asItIs(world, group, values) : null;
  if (check?.kind === "refuse" || (world.onlyLook && missing.length === 0))
    return looks(`${triedBefore} Nothing was sent again: the values are looked for.${againstIt(check)}`);
  // The same values a second time are the same values.
  return sendOnce(world, parameterCall(group, values, world.target), longestSeconds, {
    taken: `RDS has taken ${valuesText(values)}, and applies it.`,
    lookedFor: "The values are looked for.",
    nothingThere: "nothing of it is there",
  });
}

function againstIt(check: Check | null): string {
  return check?.kind === "refuse" ? ` ${check.reason}` : "";
}
