import * as z from "zod";
import type { GroupUser, ParameterState } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { list } from "../../text/wording.ts";
import { callOn, callPreview, rowFor } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, saysOf } from "../steps.ts";
import { sendOnce } from "./send-once.ts";

const settingSchema = z.strictObject({ name: z.string().regex(/^[\w.]+$/), value: z.string() });
const inputSchema = z.strictObject({
  /** The parameter group that is changed, and on which level it is one. */
  of: z.string().min(1),
  level: z.enum(["instance", "cluster"]),
  values: z.array(settingSchema).min(1).max(20),
  /** Who was shown to use the group. */
  usedBy: z.array(z.string()).default([]),
});
type Input = z.infer<typeof inputSchema>;

/** A24: values of dynamic parameters, in a group of its own. */
export const changeParameterOffer = defineOffer({
  id: "change-parameter",
  spec: ["A24", "A40"],
  title: "Change the parameter",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: inputSchema,
  undo: "The values of before, which the record names, by the same call.",
  preview: (input, target) => callPreview(target, callOf(input, target)),
  describes: ({ of, values }) => `Sets ${valuesText(values)} in the parameter group ${of}`,
  key: ({ of, values }) => `change-parameter ${of} ${valuesText(values)}`,
});

const longestSeconds = 900;

export const changeParameter = /* @__PURE__ */ defineAwsAction(changeParameterOffer, {
  calls: ["ModifyDBParameterGroup", "ModifyDBClusterParameterGroup"],
  preCheck,
  run,
  verify: async (world, input) => {
    const following = await look(world, input);
    return following.kind === "ended" ? following.verdict : { kind: "not-verified", says: saysOf(following) };
  },
  follow: (world, input, running) => look(world, input, running),
} satisfies AwsRun<Input>);

function valuesText(values: Input["values"]): string {
  return list(values.map(({ name, value }) => `${name} to ${value}`));
}

function callOf({ of, level, values }: Input, target: Target): AwsCall | string {
  const found = rowFor(target, `set-${level}-parameter`, of);
  if (found.is === "none") return found.because;
  const Parameters = values.map(({ name, value }) => ({
    ...{ ParameterName: name, ParameterValue: value, ApplyMethod: "immediate" },
  }));
  return callOn(found, { Parameters });
}

async function preCheck(world: AwsWorld, input: Input): Promise<Check> {
  const { rds, signal } = world;
  const { of, values } = input;
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/parameter-groups-overview.html
  if (of.startsWith("default.")) {
    return refuse(
      "default-group",
      `${of} is a default group, which cannot be changed.`,
      "A person makes a group of its own and uses that; its values count after a restart.",
    );
  }
  const known = await rds.parameters(
    input,
    values.map(({ name }) => name),
    signal,
  );
  const users = await rds.usersOf(input, signal);
  const own = ownId(world, input);
  const mine = users.find(({ id }) => id === own);
  if (mine === undefined)
    return refuse("another-database", `${own} does not use the parameter group ${of}.`, looksAgain);
  const before = list(
    values.map(({ name }) => `${name} ${known.find((one) => one.name === name)?.value ?? "(not set)"}`),
  );
  const there = values.every((value) => isSet(value, known)) ? alreadyThere(input, before, mine) : null;
  return (
    there ??
    notSettable(input, known) ??
    alsoTheirs(input, users, mine) ?? { kind: "go", says: `Before: ${before}, in ${of}.` }
  );
}

/** That a group has a value is no proof that the database has it; one that waits for a restart is sent once more, for now. */
function alreadyThere(input: Input, before: string, { id, status }: GroupUser): Check | null {
  const says = `${input.of} has ${before} already; ${id} is ${status ?? "not told to be in sync"}.`;
  if (status === "failed-to-apply")
    return refuse("not-applied", says, `A person finds out why. ${nextCommand(input)}`);
  if (status === "pending-reboot") return null;
  return status === "in-sync"
    ? { kind: "already-done", says }
    : { kind: "already-done", says, unproved: true };
}

/** Who uses the group: the cluster, or the instance itself. */
function ownId({ target }: AwsWorld, { level }: Input): string {
  return (level === "cluster" ? target.clusterId : target.name) ?? target.name;
}

function isSet({ name, value }: Input["values"][number], known: readonly ParameterState[]): boolean {
  return known.some((one) => one.name === name && one.value === value);
}

/** RDS refuses to apply a static one immediately, and does not say which of several it is. */
function notSettable({ of, values }: Input, known: readonly ParameterState[]): Check | null {
  const why = values.flatMap(({ name }) => {
    const one = known.find((each) => each.name === name);
    if (one === undefined) return [`${name} is no parameter of it`];
    if (!one.modifiable) return [`${name} cannot be modified`];
    return one.dynamic ? [] : [`${name} is static: it counts after a restart`];
  });
  return why.length === 0
    ? null
    : refuse(
        "parameter-not-dynamic",
        `Of ${of}: ${list(why)}.`,
        "A person sets it with ApplyMethod=pending-reboot, and restarts at a quiet time.",
      );
}

/** What it changes it changes for everybody who uses the group. */
function alsoTheirs({ of, usedBy }: Input, users: readonly GroupUser[], mine: GroupUser): Check | null {
  const others = users.map(({ id }) => id).filter((id) => id !== mine.id && !usedBy.includes(id));
  if (others.length === 0) return null;
  return refuse(
    "shared-group",
    `${of} is used by ${list(others)}, too: the change would be theirs as well, and that was not shown.`,
    "A person decides for all of them, or gives this database a group of its own, which counts after a restart.",
  );
}

function run(world: AwsWorld, input: Input): Promise<Run> {
  // The same values a second time are the same values.
  return sendOnce(world, callOf(input, world.target), longestSeconds, {
    taken: `RDS has taken ${valuesText(input.values)}, and applies it.`,
    lookedFor: "The values are looked for.",
    nothingThere: "nothing of it is there",
  });
}

async function look(world: AwsWorld, input: Input, running?: Followed): Promise<Following> {
  const { rds, clock, signal } = world;
  const { of, values } = input;
  const names = values.map(({ name }) => name);
  const known = await rds.parameters(input, names, signal);
  const own = ownId(world, input);
  const mine = (await rds.usersOf(input, signal)).find(({ id }) => id === own);
  const missing = values.filter((value) => !isSet(value, known));
  const has = `${of} has ${missing.length === 0 ? valuesText(values) : `not yet ${valuesText(missing)}`}`;
  if (mine === undefined)
    return {
      kind: "failed",
      says: `${has}; ${own} does not use it any more, and has none of it. ${nextCommand(input)}`,
    };
  const { status } = mine;
  const told = `${has}; ${own} is ${status ?? "not told to be in sync"}`;
  if (status === "failed-to-apply") return { kind: "failed", says: `${told}. ${nextCommand(input)}` };
  if (missing.length === 0 && (status === "in-sync" || status === "pending-reboot")) {
    const waits = status === "pending-reboot" ? " Another change of the group waits for a restart." : "";
    return { kind: "ended", verdict: { kind: "verified", says: `${told}.${waits}` } };
  }
  return notThere(told, missing.length > 0, { input, now: clock.now(), running });
}

interface Waiting {
  readonly input: Input;
  readonly now: number;
  readonly running: Followed | undefined;
}

function notThere(told: string, isMissing: boolean, { input, now, running }: Waiting): Following {
  if (running === undefined) return { kind: "running", says: `${told}.` };
  if (isMissing && now - Date.parse(running.startedAt) > 120_000)
    return { kind: "failed", says: `${told}: the call was not taken. ${nextCommand(input)}` };
  const late = now >= Date.parse(running.until) ? ` ${nextCommand(input)}` : "";
  return { kind: "running", says: `${told}.${late}` };
}

function nextCommand({ of, level }: Input): string {
  const word = level === "cluster" ? "db-cluster-parameter" : "db-parameter";
  return `Next: aws rds describe-${word}s --${word}-group-name ${of} --source user`;
}
