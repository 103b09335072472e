import type { Changeable } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { Followed } from "../../contract/work-order.ts";
import { AwsError } from "../../errors.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { rowFor } from "../aws-calls/call-for.ts";
import type { StatusPurpose } from "../aws-calls/statuses.ts";
import type { AwsRun, AwsWorld } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import { type Check, type Run, saysOf, type TakesBack, verdictOf } from "../steps.ts";
import { commonRefusal, isShown } from "./guards.ts";
import { gone, type Standing, standing, type Wanted } from "./progress.ts";
import { type Sent, sendCall } from "./send-call.ts";
import { began } from "./send-once.ts";
import type { Shown } from "./shown.ts";
import { backAtEnd, orderedAt, withBack } from "./taken-back.ts";

/** A change of what RDS holds of a database: the values that are wanted prove it, never the answer to the call. */
export interface Change<Input extends Shown> {
  readonly purpose: (input: Input) => StatusPurpose;
  readonly calls: AwsRun<Input>["calls"];
  readonly longestSeconds: number;
  /** A string says why there is none. */
  call(input: Input, target: Target): AwsCall | string;
  /** By the names of Changeable.has. */
  wanted(input: Input, target: Target): Wanted;
  /** What takes it back, by what was there before where that was seen, and when it was ordered; null where nothing does. */
  back(input: Input, before: Changeable | null, orderedAt: string): TakesBack;
  /** What speaks against this very change, or for it; null: nothing does. */
  check(world: AwsWorld, input: Input, state: Changeable): Promise<Check | null>;
}

export function changes<Input extends Shown>(change: Change<Input>): AwsRun<Input> {
  return {
    calls: change.calls,
    preCheck: (world, input) => preCheck(change, world, input),
    run: (world, input) => run(change, world, input),
    verify: async (world, input) => {
      const { following } = await look(change, world, input, world.orderedAt);
      return verdictOf(following);
    },
    follow: async (world, input, running) =>
      backAtEnd(
        await look(change, world, input, Date.parse(running.startedAt), running),
        running,
        change.back(input, null, orderedAt(world)),
      ),
  };
}

async function preCheck<Input extends Shown>(
  change: Change<Input>,
  world: AwsWorld,
  input: Input,
): Promise<Check> {
  const state = await described(change, world, input);
  if (state === null) return refuse("no-such-database", `RDS knows no ${input.of}.`, looksAgain);
  const { following, underWay } = stands(change, world, input, state);
  if (following.kind === "ended") {
    const { says } = following.verdict;
    if (!world.repeated) return { kind: "already-done", says };
    const own = `${says} An earlier attempt at this order may have done it.`;
    return { kind: "already-done", says: own, undo: change.back(input, null, orderedAt(world)) };
  }
  if (underWay) return { kind: "go", says: `It is under way already: ${saysOf(following)}` };
  const against = await refusal(change, world, input, state);
  if (world.repeated && against?.kind === "refuse" && !ofTheOrder.has(against.guard))
    return { kind: "go", says: `An earlier attempt may have sent it. ${against.reason}` };
  return against ?? { kind: "go", says: `${input.of} is ${state.status}, and takes the change.` };
}

/** What speaks against it by the order alone, or by whose it is, did so at the first attempt, too: nothing was sent then. */
const ofTheOrder: ReadonlySet<string> = new Set([
  ...["another-database", "large-transaction", "class-ceiling", "never-down"],
]);

async function refusal<Input extends Shown>(
  change: Change<Input>,
  world: AwsWorld,
  input: Input,
  state: Changeable,
): Promise<Check | null> {
  const wanted = change.wanted(input, world.target);
  return (
    commonRefusal(world, change.purpose(input), state, input, wanted) ??
    (await change.check(world, input, state))
  );
}

/** What an earlier attempt began is found again, and not begun anew. */
async function run<Input extends Shown>(change: Change<Input>, world: AwsWorld, input: Input): Promise<Run> {
  const before = await lookAgain(change, world, input);
  if ("guard" in before) return before;
  // What was there before an earlier attempt only the input can tell.
  const begun = (says: string, known: Changeable | null) =>
    withBack(
      began(world, change.longestSeconds, says),
      change.back(input, known, orderedAt(world)),
      known === null ? [] : before.there,
    );
  if (before.underWay) return begun(`Found under way: ${saysOf(before.following)}`, null);
  if (before.against !== null) return begun(`${before.against} ${lookedFor}`, null);
  if (world.onlyLook) {
    return {
      ...{ kind: "refuse", guard: "order-expired" },
      reason: "The order's time is over, and nothing of it is under way.",
      release: "Lifts by itself: the next assessment issues a new order if it is still called for.",
    };
  }
  const call = change.call(input, world.target);
  if (typeof call === "string") {
    return {
      kind: "refuse",
      guard: "no-such-call",
      reason: `There is no such call: ${call}.`,
      release: looksAgain,
    };
  }
  const known = world.repeated ? null : before.state;
  return afterSent(world, await sendCall(world, call), (says) => begun(says, known));
}

const lookedFor =
  "An earlier attempt may have sent it: what comes of it is looked for; nothing was sent again.";

interface Before {
  readonly state: Changeable | null;
  readonly against: string | null;
}

/** Nothing is sent to what cannot be seen; nor by a repeat to what by now takes no call, perhaps because of the first. */
async function lookAgain<Input extends Shown>(
  change: Change<Input>,
  world: AwsWorld,
  input: Input,
): Promise<(Standing & Before) | Extract<Run, { kind: "refuse" }>> {
  try {
    const state = await described(change, world, input);
    const found = state === null ? gone(input) : stands(change, world, input, state);
    const against =
      state === null || !world.repeated || found.underWay ? null : await refusal(change, world, input, state);
    return { ...found, state, against: against?.kind === "refuse" ? against.reason : null };
  } catch (error) {
    // What an earlier attempt has sent goes on, seen or not.
    if (!(error instanceof AwsError) || world.repeated) throw error;
    const reason = `Nothing was sent: how it stands could not be seen (${error.code}: ${error.message}).`;
    return { kind: "refuse", guard: "rds-not-now", reason, release: looksAgain };
  }
}

function afterSent(world: AwsWorld, sent: Sent, begun: (says: string) => Run): Run {
  switch (sent.is) {
    case "taken":
      return begun("RDS has taken the change, and carries it out.");
    case "not-known":
    case "already":
      return begun(`${sent.says} What comes of it is looked for.`);
    case "refused":
      if (world.repeated) return begun(`${sent.reason} ${lookedFor}`);
      return { kind: "refuse", guard: sent.guard, reason: sent.reason, release: sent.release };
    default:
      return sent satisfies never;
  }
}

async function look<Input extends Shown>(
  change: Change<Input>,
  world: AwsWorld,
  input: Input,
  since: number,
  running?: Followed,
): Promise<Standing> {
  const state = await described(change, world, input);
  if (state === null) return gone(input);
  const until = running === undefined ? null : Date.parse(running.until);
  return standing(state, change.wanted(input, world.target), { now: world.clock.now(), since, until });
}

/** Before anything is sent by this attempt. What waited when it was proposed is no sign of an earlier one. */
function stands<Input extends Shown>(
  change: Change<Input>,
  { clock, orderedAt, repeated, target }: AwsWorld,
  input: Input,
  state: Changeable,
): Standing {
  const wanted = change.wanted(input, target);
  const waited = state.pending.some((one) => one.name in wanted && isShown(one, input));
  return standing(state, wanted, { now: clock.now(), since: orderedAt, sent: repeated && !waited });
}

async function described<Input extends Shown>(
  change: Change<Input>,
  { rds, target, signal }: AwsWorld,
  input: Input,
): Promise<Changeable | null> {
  const found = rowFor(target, change.purpose(input));
  if (found.is === "none") throw new AwsError("NoSuchCall", true, found.because);
  const kind = found.row.whose === "cluster" ? "cluster" : "instance";
  return rds.describe({ kind, id: input.of }, signal);
}
