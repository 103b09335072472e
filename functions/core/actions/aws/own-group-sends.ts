import * as z from "zod";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Run } from "../steps.ts";
import { isComing, type NotOurs } from "./group-not-ours.ts";
import { isNotFound, type OwnGroup } from "./group-of-its-own.ts";
import { type Sent, sendCall } from "./send-call.ts";
import { began } from "./send-once.ts";

export const longestSeconds = 1800;

/** What stands there under the name may be this order's, of which not all is seen yet: nothing is sent before it is. */
export function notGoneOn(world: AwsWorld, { name }: OwnGroup, left: NotOurs): Run {
  const isTagged = left.guard === "group-not-alone";
  if ((isTagged || world.repeated) && isComing(left, world.orderedAt, world.clock.now()))
    return began(
      world,
      longestSeconds,
      `${left.reason} Nothing was sent: RDS may not show all of ${name} yet; it is gone on with at a later look.`,
    );
  const { guard, reason, release } = left;
  // By a repeat of an order that somebody has gone past since: what an earlier attempt has made is left.
  const isPast = world.repeated && guard === "state-changed";
  return isTagged || isPast
    ? { kind: "failed", says: `${reason} Nothing more was sent.` }
    : { kind: "refuse", guard, reason, release };
}

/** Gives it to the database: sent once, for by a second one what somebody has set back would be overwritten. */
export const isUse = ({ operation }: AwsCall): boolean =>
  operation === "ModifyDBInstance" || operation === "ModifyDBCluster";

const handleSchema = z.object({ givenAt: z.number().nullable() }).catch({ givenAt: null });

/** When the call that gives it to the database was sent, epoch milliseconds; null: it was not. */
export function givenAt(running: Followed): number | null {
  return handleSchema.parse(running.handle).givenAt;
}

export function givenBy({ clock }: AwsWorld, calls: readonly AwsCall[]): { readonly givenAt: number | null } {
  return { givenAt: calls.some(isUse) ? clock.now() : null };
}

/** One after the other; what stops it tells how far it came. */
export async function sendsAll(world: AwsWorld, input: OwnGroup, left: readonly AwsCall[]): Promise<Run> {
  for (const [at, call] of left.entries()) {
    const sent = await sendCall(world, call);
    if (sent.is === "taken") continue;
    if (sent.is === "already" && world.repeated)
      return began(world, longestSeconds, `${sent.says} Whose it is is looked for.`);
    const run = stopped(world, input, sent, left.length === 3 && at === 0);
    return run.kind === "began" && sent.is === "not-known" ? { ...run, handle: givenBy(world, [call]) } : run;
  }
  const says = `RDS has made ${input.name}, and gives it to ${input.of}.`;
  return { ...began(world, longestSeconds, says), handle: givenBy(world, left) };
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
