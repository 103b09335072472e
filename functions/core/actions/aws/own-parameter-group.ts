import type { Changeable } from "../../change-ports.ts";
import type { Followed } from "../../contract/work-order.ts";
import { stepText } from "../../text/aws-call.ts";
import { callPreview } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Following, type Run, saysOf, type TakesBack, verdictOf } from "../steps.ts";
import { groupNotOurs, isComing } from "./group-not-ours.ts";
import {
  anotherGiven,
  callsLeft,
  type OwnGroup,
  ownGroupCalls,
  ownGroupSchema,
  uses,
  valuesMissing,
} from "./group-of-its-own.ts";
import { groupUsed, toGroup } from "./group-used.ts";
import { commonRefusal, isThisOne, triedBefore } from "./guards.ts";
import { valuesText } from "./look-for-parameters.ts";
import { ownGroupCheck } from "./own-group-check.ts";
import { notMade, sendsNext } from "./own-group-looks.ts";
import { isUse, longestSeconds, notGoneOn, sendsAll } from "./own-group-sends.ts";
import { notSeen, seenFirst } from "./seen-first.ts";
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
  const { of, level, name, values } = input;
  const state = await described(world, input);
  if (state === null) return refuse("no-such-database", `RDS knows no ${of}.`, looksAgain);
  const against = commonRefusal(world, `use-${level}-group`, state, input);
  if (against !== null && !(world.repeated && isThisOne(against))) return against;
  const missing = await valuesMissing(world, input);
  const holds = missing?.length === 0 ? ` with ${valuesText(values)}` : "";
  const used = groupUsed(state, { name, holds }, null);
  if (used?.kind === "ended" && missing?.length === 0 && !world.repeated)
    return { kind: "already-done", says: saysOf(used) };
  if (world.repeated && (against !== null || used !== null))
    return { kind: "go", says: used === null ? triedBefore : saysOf(used) };
  const taken = missing === null ? null : await nameTaken(world, input);
  return taken ?? asItWas(world, input, state);
}

/** A repeat's run asks whose group it has by now. */
async function asItWas(world: AwsWorld, input: OwnGroup, state: Changeable): Promise<Check> {
  const another = world.repeated ? null : anotherGiven(state, input);
  return another === null ? ownGroupCheck(world, input) : { kind: "refuse", ...another };
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
  const back = backIn(state, input);
  if ("guard" in left) return notGoneOn(world, input, { left, back });
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
  // An earlier attempt may have given it, and somebody have set it back since; or set its values, which have another by now.
  if (back !== null || (world.repeated && left.every(isUse)))
    return began(world, longestSeconds, `${triedBefore} Nothing was sent again: it is looked for.`);
  // By a repeat, too, where values are left to be set. That an earlier attempt had done all of it, and somebody has both given
  // the old group back and set a value back within the seconds of the retries, cannot be told: CloudTrail is minutes late.
  return sendsAll(world, input, left);
}

async function look(world: AwsWorld, input: OwnGroup, running?: Followed): Promise<Following> {
  const state = await described(world, input);
  if (state === null) return { kind: "failed", says: `RDS knows no ${input.of} any more.` };
  const following = await lookAt(world, input, state, running);
  // However it ends: what the database was given has its way back.
  return following.kind === "failed" || following.kind === "running"
    ? { ...following, undo: backIn(state, input) }
    : following;
}

async function lookAt(
  world: AwsWorld,
  input: OwnGroup,
  state: Changeable,
  running: Followed | undefined,
): Promise<Following> {
  const { of, name, values } = input;
  const left = await callsLeft(world, input, state);
  if ("guard" in left) {
    const says = `${left.reason} Nothing more was sent.`;
    const isYetToCome =
      running !== undefined && isComing(left, Date.parse(running.startedAt), world.clock.now());
    return isYetToCome ? { kind: "running", says } : { kind: "failed", says };
  }
  if (left.length === 0)
    return (
      groupUsed(state, { name, holds: ` with ${valuesText(values)}` }, backIn(state, input)) ?? {
        kind: "failed",
        says: `${of} does not use ${name}.`,
      }
    );
  return left.length === 3
    ? notMade(world, input, left, running)
    : sendsNext(
        world,
        input,
        { left, isUsed: uses(state, name), against: againstIt(world, input, state) },
        running,
      );
}

/** To the group of before; null: the database does not use the new one. */
function backIn(state: Changeable, { name, group }: OwnGroup): TakesBack {
  return uses(state, name) ? toGroup(state, name, group) : null;
}
