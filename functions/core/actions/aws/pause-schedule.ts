import type { Followed } from "../../contract/work-order.ts";
import { AwsError } from "../../errors.ts";
import type { ScheduleState } from "../../schedule-ports.ts";
import { defineOffer } from "../define.ts";
import { type AwsRun, type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { sentNote } from "../sent.ts";
import { askedFirst, looksAgain, refuse } from "../signals/refuse.ts";
import type { Check, Following, Run, TakesBack, Verdict } from "../steps.ts";
import {
  byHand,
  called,
  cannotKeep,
  isOnce,
  type PauseInput,
  pauseInputSchema,
  tooLate,
  wanted,
} from "./schedule-checks.ts";
import { seenFirst } from "./seen-first.ts";

/** A14: pauses what begins work on the database from outside it, and lets it go on. */
export const pauseScheduleOffer = defineOffer({
  id: "pause-schedule",
  spec: ["A14", "A40"],
  title: "Pause or resume the schedule",
  risk: "disruptive",
  asksAlways: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: pauseInputSchema,
  undo: "Let it run again, or pause it again; a one-time schedule that is paused is not resumed by an undo.",
  preview: (input, { region }) => `${callOf(input)}${region === null ? "" : ` --region ${region}`}`,
  describes: (input) =>
    `${input.runs ? "Resumes" : "Pauses"} ${called(input)}; what it has begun goes on${input.runs ? "" : "; a one-time schedule gets no undo"}`,
  key: ({ kind, group, name, runs }) => `pause-schedule ${kind} ${group}/${name} ${runs}`,
});

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-state.html */
function callOf({ kind, name, group, runs }: PauseInput): string {
  if (kind === "rule")
    return `aws events ${runs ? "enable" : "disable"}-rule --name ${name} --event-bus-name ${group}`;
  return `aws scheduler update-schedule --name ${name} --group-name ${group} --state ${runs ? "ENABLED" : "DISABLED"} # with all else that get-schedule shows`;
}

export const pauseSchedule = /* @__PURE__ */ defineAwsAction(pauseScheduleOffer, {
  calls: [],
  preCheck,
  run,
  verify: async (world, input) => verdictOf(await look(world, input), input),
  follow: (world, input, running) => follow(world, input, running),
} satisfies AwsRun<PauseInput>);

function look({ schedules, signal }: AwsWorld, input: PauseInput): Promise<ScheduleState | null> {
  return schedules === null ? Promise.resolve(null) : schedules.look(input, signal);
}

async function preCheck(world: AwsWorld, input: PauseInput): Promise<Check> {
  if (world.schedules === null)
    return refuse("no-schedules", "Nothing of EventBridge can be changed from here.", byHand);
  const found = await look(world, input);
  if (found === null)
    return refuse(
      "no-such-schedule",
      `There is no ${called(input)} in this Region.`,
      "Whoever owns the settings corrects policy.schedules.",
    );
  if (input.mark !== null && found.mark !== input.mark)
    return refuse("changed-since", `The ${called(input)} was changed since it was seen.`, byHand);
  const is = `The ${called(input)} is ${found.state}`;
  if (found.state === wanted(input)) {
    if (!world.repeated) return { kind: "already-done", says: `${is} already.` };
    const says = `${is} already: by an earlier attempt at this order, or by somebody else.`;
    return { kind: "already-done", says, undo: undoOf(input, found) };
  }
  // What an earlier attempt has sent a person may have set back: a rule does not tell when it was changed.
  if (world.repeated)
    return refuse(
      "set-back",
      `${is}: by somebody who has set it back since an earlier attempt at this order, or because that sent nothing.`,
      askedFirst,
    );
  return cannotKeep(found, input, is) ?? tooLate(world, found, input) ?? { kind: "go", says: `${is}.` };
}

function undoOf(input: PauseInput, found: ScheduleState): TakesBack {
  if (!input.runs && isOnce(found)) return null;
  return { actionId: pauseScheduleOffer.id, input: { ...input, runs: !input.runs, mark: found.mark } };
}

function refused(guard: string, reason: string, release: string): Run {
  return { kind: "refuse", guard, reason, release };
}

async function run(world: AwsWorld, input: PauseInput): Promise<Run> {
  const { schedules, signal, onlyLook } = world;
  // A repeat does not come here: whichever way the schedule stands, its check has decided.
  const read = await seenFirst(() => look(world, input));
  if ("not" in read) return read.not;
  const found = read.seen;
  if (schedules === null || found === null)
    return refused(
      "no-such-schedule",
      `There is no ${called(input)} any more: nothing was sent.`,
      looksAgain,
    );
  if (onlyLook)
    return refused("order-expired", "The order's time is over, and nothing was sent.", looksAgain);
  const undo = undoOf(input, found);
  world.note(sentNote(callOf(input)));
  try {
    const sent = await schedules.turn(input, { on: input.runs, mark: input.mark ?? found.mark }, signal);
    if (sent === "changed")
      return refused("changed-since", `The ${called(input)} was changed in this moment.`, looksAgain);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const says = `${error.code}: ${error.message}`;
    if (error.refused) return refused("aws-refused", `EventBridge refused it (${says}).`, byHand);
    return lost(world, input, { says, undo });
  }
  return { kind: "acted", says: "EventBridge has taken it.", killed: [], undo };
}

/** No answer: how it stands now tells what became of it. */
async function lost(
  world: AwsWorld,
  input: PauseInput,
  { says, undo }: { readonly says: string; readonly undo: TakesBack },
): Promise<Run> {
  const read = await seenFirst(() => look(world, input));
  const said = `EventBridge gave no answer (${says}).`;
  if ("not" in read)
    return {
      kind: "failed",
      says: `${said} How it is now could not be seen either, nor whether it is carried out.`,
      undo,
    };
  const now = read.seen;
  if (now?.state === wanted(input)) return { kind: "acted", says: said, killed: [], undo };
  return {
    kind: "failed",
    says: `${said} It is ${now?.state ?? "gone"}; whether it is still carried out is not known.`,
    undo,
  };
}

/** Of an attempt whose function was lost: what was sent is carried out within moments, or not at all. */
const sureAfterMs = 60_000;

async function follow(world: AwsWorld, input: PauseInput, { startedAt }: Followed): Promise<Following> {
  const found = await look(world, input);
  const verdict = verdictOf(found, input);
  if (found !== null && verdict.kind === "verified")
    return { kind: "ended", verdict, undo: undoOf(input, found) };
  if (world.clock.now() - Date.parse(startedAt) < sureAfterMs) return { kind: "running", says: verdict.says };
  return { kind: "failed", says: `${verdict.says} Nothing was done, or somebody has changed it back.` };
}

function verdictOf(found: ScheduleState | null, input: PauseInput): Verdict {
  const says = `The ${called(input)} is ${found?.state ?? "gone"}.`;
  if (found?.state !== wanted(input)) return { kind: "not-verified", says };
  const once = !input.runs && isOnce(found);
  return {
    kind: "verified",
    says: once
      ? `${says} It is to run once, so there is no undo.`
      : `${says} What it has begun goes on; an event may still come for a moment.`,
  };
}
