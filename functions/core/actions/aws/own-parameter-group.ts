import type { Changeable } from "../../change-ports.ts";
import type { Followed } from "../../contract/work-order.ts";
import { type AwsCall, stepText } from "../../text/aws-call.ts";
import { callPreview } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, saysOf, verdictOf } from "../steps.ts";
import { groupNotOurs, isComing } from "./group-not-ours.ts";
import {
  callsLeft,
  isNotFound,
  type OwnGroup,
  ownGroupCalls,
  ownGroupSchema,
  valuesMissing,
} from "./group-of-its-own.ts";
import { groupUsed, toGroup } from "./group-used.ts";
import { commonRefusal, isThisOne, triedBefore } from "./guards.ts";
import { valuesText } from "./look-for-parameters.ts";
import { ownGroupCheck } from "./own-group-check.ts";
import { givenAt, givenBy, isUse, longestSeconds, notGoneOn, sendsAll } from "./own-group-sends.ts";
import { notSeen, seenFirst } from "./seen-first.ts";
import { sendCall } from "./send-call.ts";
import { began } from "./send-once.ts";

/** A24: where the group of an instance, or of a cluster, cannot be changed, or is not its alone, it gets one of its own. */
export const ownParameterGroupOffer = defineOffer({
  id: "own-parameter-group",
  spec: ["A24", "A40"],
  title: "Give it a parameter group of its own",
  risk: "disruptive",
  engines: ["postgres", "mysql", "mariadb"],
  input: ownGroupSchema,
  undo: "Back to the group of before (use-parameter-group), which counts after a restart, too.",
  preview: (input, target) => {
    const calls = ownGroupCalls(input, target);
    return typeof calls === "string"
      ? callPreview(target, calls)
      : calls.map((call) => stepText(call, target.region)).join(" &&\n");
  },
  describes: ({ of, group, name, values }) =>
    `Sets ${valuesText(values)} for ${of} in ${name}, a parameter group of its own in place of ${group}`,
  key: ({ of, name, values }) => `own-parameter-group ${of} ${name} ${valuesText(values)}`,
});

export const ownParameterGroup = /* @__PURE__ */ defineAwsAction(ownParameterGroupOffer, {
  calls: [
    "CreateDBParameterGroup",
    "CreateDBClusterParameterGroup",
    "CopyDBParameterGroup",
    "CopyDBClusterParameterGroup",
    "ModifyDBParameterGroup",
    "ModifyDBClusterParameterGroup",
    "ModifyDBInstance",
    "ModifyDBCluster",
  ],
  preCheck,
  run,
  verify: async (world, input) => verdictOf(await look(world, input)),
  follow: look,
} satisfies AwsRun<OwnGroup>);

function described({ rds, signal }: AwsWorld, { of, level }: OwnGroup): Promise<Changeable | null> {
  return rds.describe({ kind: level, id: of }, signal);
}

async function preCheck(world: AwsWorld, input: OwnGroup): Promise<Check> {
  const { of, level, group, name, values } = input;
  const state = await described(world, input);
  if (state === null) return refuse("no-such-database", `RDS knows no ${of}.`, looksAgain);
  const against = commonRefusal(world, `use-${level}-group`, state, input);
  if (against !== null && !(world.repeated && isThisOne(against))) return against;
  const missing = await valuesMissing(world, input);
  const used = groupUsed(state, { name, holds: ` with ${valuesText(values)}` }, null);
  if (used?.kind === "ended" && missing?.length === 0 && !world.repeated)
    return { kind: "already-done", says: saysOf(used) };
  if (world.repeated && (against !== null || used !== null))
    return { kind: "go", says: used === null ? triedBefore : saysOf(used) };
  const taken = missing === null ? null : await nameTaken(world, input);
  if (taken !== null) return taken;
  if (used === null && !world.repeated && !state.parameterGroups.some((one) => one.name === group))
    return refuse("state-changed", `${of} does not use ${group} any more.`, looksAgain);
  return ownGroupCheck(world, input);
}

/** One that has this very order's tag is its own, and gone on with; what a repeat finds its run looks at. */
async function nameTaken(world: AwsWorld, input: OwnGroup): Promise<Check | null> {
  if (world.repeated) return null;
  const not = await groupNotOurs(world, input);
  return not?.guard === "name-taken" ? refuse(not.guard, not.reason, not.release) : null;
}

function againstIt(world: AwsWorld, input: OwnGroup, state: Changeable): string {
  const against = commonRefusal(world, `use-${input.level}-group`, state, input);
  return against?.kind === "refuse" ? ` ${against.reason}` : "";
}

const gone = { kind: "refuse", guard: "no-such-database", release: looksAgain } as const;

async function run(world: AwsWorld, input: OwnGroup): Promise<Run> {
  const read = await seenFirst(async () => {
    const state = await described(world, input);
    return state === null ? null : { state, left: await callsLeft(world, input, state) };
  });
  if ("not" in read) return notSeen(world, read.not, longestSeconds);
  if (read.seen === null) return { ...gone, reason: `RDS knows no ${input.of}.` };
  const { state, left } = read.seen;
  // What an earlier attempt has done by now is no refusal any more.
  if ("guard" in left) return notGoneOn(world, input, left);
  if (world.onlyLook && left.length === 3)
    return {
      kind: "refuse",
      guard: "order-expired",
      reason: "The order's time is over.",
      release: looksAgain,
    };
  const against = againstIt(world, input, state);
  if (world.onlyLook || (world.repeated && (left.length === 0 || against !== "")))
    return began(world, longestSeconds, `${triedBefore}${against} Nothing was sent again: it is looked for.`);
  // Where only the giving is left an earlier attempt may have given it, and somebody have set it back since.
  if (world.repeated && left.every(isUse))
    return began(world, longestSeconds, `${triedBefore} Nothing was sent again: it is looked for.`);
  return sendsAll(world, input, left);
}

async function look(world: AwsWorld, input: OwnGroup, running?: Followed): Promise<Following> {
  const { of, group, name, values } = input;
  const state = await described(world, input);
  if (state === null) return { kind: "failed", says: `RDS knows no ${of} any more.` };
  const left = await callsLeft(world, input, state);
  if ("guard" in left) {
    const says = `${left.reason} Nothing more was sent.`;
    const isYetToCome =
      running !== undefined && isComing(left, Date.parse(running.startedAt), world.clock.now());
    return isYetToCome ? { kind: "running", says } : { kind: "failed", says };
  }
  const [next] = left;
  if (next === undefined)
    return (
      groupUsed(state, { name, holds: ` with ${valuesText(values)}` }, toGroup(state, name, group)) ?? {
        kind: "failed",
        says: `${of} does not use ${name}.`,
      }
    );
  return left.length === 3
    ? notMade(world, input, next, running)
    : sendsNext(world, input, { state, next }, running);
}

/** The first call may have been taken without an answer: to send it again belongs to a new order. */
function notMade(
  { clock, target }: AwsWorld,
  { of, group, name }: OwnGroup,
  next: AwsCall,
  running: Followed | undefined,
): Following {
  if (running === undefined || clock.now() - Date.parse(running.startedAt) <= 120_000)
    return { kind: "running", says: `There is no ${name} yet.` };
  const says = `There is no ${name}: the call was not taken. ${of} keeps ${group}. ${nextText(next, target)}`;
  return { kind: "failed", says };
}

const nextText = (next: AwsCall, { region }: AwsWorld["target"]): string => `Next: ${stepText(next, region)}`;

async function sendsNext(
  world: AwsWorld,
  input: OwnGroup,
  { state, next }: { readonly state: Changeable; readonly next: AwsCall },
  running: Followed | undefined,
): Promise<Following> {
  const { of, group, name } = input;
  const against = againstIt(world, input, state);
  const then = nextText(next, world.target);
  const now = world.clock.now();
  // Once nobody waits for it any more, nobody would look how it ends: a person sends it.
  const isOver = running === undefined || now >= Date.parse(running.until);
  if (isOver || !running.mayTidy || world.onlyLook || against !== "")
    return {
      kind: "running",
      says: `${name} is there, and ${of} does not have all of it.${against} ${then}`,
    };
  const given = givenAt(world, running);
  if (given !== null) {
    const how = isUse(next)
      ? `${of} uses ${group}, and was given ${name}, or may have been`
      : `${name} has not all of its values, and was given to ${of}, or may have been`;
    const says = `${how}: the call was not taken, or somebody has set it back. Nothing was sent again. ${then}`;
    return { kind: now - given > 120_000 ? "failed" : "running", says };
  }
  const sent = await sendCall(world, next);
  if (sent.is === "refused" && sent.guard !== "rds-not-now" && !isNotFound(sent.code))
    return { kind: "failed", says: `${sent.reason} ${of} keeps ${group}; ${name} is left, unused. ${then}` };
  const says = `${name} is there; what was left of it is being done.`;
  return { kind: "running", says, handle: givenBy(world, sent.is === "refused" ? [] : [next]) };
}
