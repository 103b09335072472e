import * as z from "zod";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Run, TakesBack } from "../steps.ts";
import { isComing, type NotOurs } from "./group-not-ours.ts";
import { anotherGiven, isNotFound, type OwnGroup } from "./group-of-its-own.ts";
import { seenFirst } from "./seen-first.ts";
import { type Sent, sendCall } from "./send-call.ts";
import { began } from "./send-once.ts";

export const longestSeconds = 1800;

/** What stands there under the name may be this order's, of which not all is seen yet: nothing is sent before it is. */
export function notGoneOn(
  world: AwsWorld,
  { name }: OwnGroup,
  { left, back }: { readonly left: NotOurs; readonly back: TakesBack },
): Run {
  const isTagged = left.guard === "group-not-alone";
  if ((isTagged || world.repeated) && isComing(left, world.orderedAt, world.clock.now()))
    return {
      ...began(
        world,
        longestSeconds,
        `${left.reason} Nothing was sent: RDS may not show all of ${name} yet; it is gone on with at a later look.`,
      ),
      handle: notGiven(world),
    };
  const { guard, reason, release } = left;
  // By a repeat of an order that somebody has gone past since: what an earlier attempt has made is left.
  const isPast = world.repeated && guard === "state-changed";
  return isTagged || isPast
    ? { kind: "failed", says: `${reason} Nothing more was sent.`, undo: back }
    : { kind: "refuse", guard, reason, release };
}

/** Gives it to the database: sent once, for by a second one what somebody has set back would be overwritten. */
export const isUse = ({ operation }: AwsCall): boolean =>
  operation === "ModifyDBInstance" || operation === "ModifyDBCluster";

/** `lostLook`: of a look that ended without an answer it is not known what it sent. */
const handleSchema = z.object({
  givenAt: z.number().nullable(),
  lostLook: z.boolean().default(false),
});
/** Absent: not known. */
type Handle = { readonly givenAt: number | null } | Record<string, never>;

/**
 * When the call that gives it to the database was sent, or may have been, epoch milliseconds; null: for certain it was
 * not, as whoever could know has written down. A look that was lost may have sent it up to now.
 */
export function givenAt({ repeated, clock }: AwsWorld, { handle, startedAt }: Followed): number | null {
  const { data } = handleSchema.safeParse(handle);
  if (data === undefined) return Date.parse(startedAt);
  return data.givenAt ?? (data.lostLook || repeated ? clock.now() : null);
}

/** From then on it counts, and not from every look after the lost one anew; null: it is in the handle, or nothing is. */
export function lostBy({ handle }: Followed, at: number): Handle | null {
  const { data } = handleSchema.safeParse(handle);
  return data?.givenAt === null ? { givenAt: at } : null;
}

/** An attempt before it may have got so far, and told nobody. */
export function notGiven({ repeated }: AwsWorld): Handle {
  return repeated ? {} : { givenAt: null };
}

export function givenBy(world: AwsWorld, calls: readonly AwsCall[]): Handle {
  return calls.some(isUse) ? { givenAt: world.clock.now() } : notGiven(world);
}

/** One after the other; what stops it tells how far it came. */
export async function sendsAll(world: AwsWorld, input: OwnGroup, left: readonly AwsCall[]): Promise<Run> {
  for (const [at, call] of left.entries()) {
    const against = at > 0 ? await otherSince(world, input, call) : null;
    if (against !== null) return against;
    const sent = await sendCall(world, call);
    if (sent.is === "taken") continue;
    if (sent.is === "already" && world.repeated)
      return began(world, longestSeconds, `${sent.says} Whose it is is looked for.`);
    const run = stopped(world, input, sent, left.length === 3 && at === 0);
    return noted(world, run, sent.is === "not-known" ? [call] : []);
  }
  const says = `RDS has made ${input.name}, and gives it to ${input.of}.`;
  return { ...began(world, longestSeconds, says), handle: givenBy(world, left) };
}

function noted(world: AwsWorld, run: Run, tried: readonly AwsCall[]): Run {
  return run.kind === "began" ? { ...run, handle: givenBy(world, tried) } : run;
}

/** Between the first call and the one that gives it lie seconds, in which a person may give another. */
async function otherSince(world: AwsWorld, input: OwnGroup, call: AwsCall): Promise<Run | null> {
  if (!isUse(call)) return null;
  const { of, level, name } = input;
  const read = await seenFirst(() => world.rds.describe({ kind: level, id: of }, world.signal));
  if ("not" in read) {
    const says = `${name} is made. ${of} was not given it: ${read.not.reason} It is gone on with at the next look.`;
    return { ...began(world, longestSeconds, says), handle: notGiven(world) };
  }
  if (read.seen === null)
    return { kind: "failed", says: `RDS knows no ${of} any more. ${name} is left, unused.` };
  const another = anotherGiven(read.seen, input);
  return another === null
    ? null
    : {
        kind: "failed",
        says: `${another.reason} Somebody has given it another since. ${name} is left, unused.`,
      };
}

/** Of what was made by then nothing counts for any database: it may lie there, and is gone on with at the next look. */
function stopped(
  world: AwsWorld,
  { name, of, group }: OwnGroup,
  sent: Exclude<Sent, { is: "taken" }>,
  isFirst: boolean,
): Run {
  switch (sent.is) {
    case "not-known":
      return began(world, longestSeconds, `${sent.says} What there is of it is looked for.`);
    case "already":
      return { kind: "refuse", guard: "name-taken", reason: sent.says, release: "A person names another." };
    case "refused":
      if (isFirst && !world.repeated)
        return { kind: "refuse", guard: sent.guard, reason: sent.reason, release: sent.release };
      // What it has just made RDS may not know everywhere yet.
      return sent.guard === "rds-not-now" || world.repeated || isNotFound(sent.code)
        ? began(world, longestSeconds, `${sent.reason} It is gone on with at the next look.`)
        : { kind: "failed", says: `${sent.reason} ${of} keeps ${group}; ${name} may be left, unused.` };
    default:
      return sent satisfies never;
  }
}
