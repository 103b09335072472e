import type { Followed } from "../../contract/work-order.ts";
import { type AwsCall, stepText } from "../../text/aws-call.ts";
import { list } from "../../text/wording.ts";
import type { AwsWorld } from "../define-aws.ts";
import { heldBy } from "../held-by.ts";
import type { Following } from "../steps.ts";
import { isNotFound, type OwnGroup, valuesMissing } from "./group-of-its-own.ts";
import { givenAt, givenBy, isUse, lostBy } from "./own-group-sends.ts";
import { sendCall } from "./send-call.ts";

/** Of a call that was sent RDS shows what it has done within so long. */
const shownMs = 120_000;

/** All that is left, in its order: whoever sends but the first of it has not all of it. */
function nextText(left: readonly AwsCall[], { region }: AwsWorld["target"]): string {
  return `Next: ${left.map((call) => stepText(call, region)).join(" && ")}`;
}

/** The first call may have been taken without an answer: to send it again belongs to a new order. */
export function notMade(
  { clock, target }: AwsWorld,
  { of, group, name }: OwnGroup,
  left: readonly AwsCall[],
  running: Followed | undefined,
): Following {
  if (running === undefined || clock.now() - Date.parse(running.startedAt) <= shownMs)
    return { kind: "running", says: `There is no ${name} yet.` };
  const says = `There is no ${name}: the call was not taken. ${of} keeps ${group}. ${nextText(left, target)}`;
  return { kind: "failed", says };
}

interface Left {
  readonly left: readonly AwsCall[];
  /** The database uses the new group. */
  readonly isUsed: boolean;
  /** A sentence that speaks against a call; empty: none does. */
  readonly against: string;
}

/** Which guard keeps the next call back; empty: none does. */
export function heldText({ clock }: AwsWorld, running: Followed | undefined): string {
  const held = running === undefined ? "" : heldBy(running, clock.now());
  return held === "" ? "" : ` Not sent: ${held}`;
}

/** What a look sends of it, one call at the most. */
export async function sendsNext(
  world: AwsWorld,
  input: OwnGroup,
  { left, isUsed, against }: Left,
  running: Followed | undefined,
): Promise<Following> {
  const { of, group, name } = input;
  const [next] = left;
  const then = nextText(left, world.target);
  const now = world.clock.now();
  // Once nobody waits for it any more, nobody would look how it ends: a person sends it.
  const isOver = running === undefined || now >= Date.parse(running.until);
  if (next === undefined || isOver || !running.mayTidy || world.onlyLook || against !== "")
    return {
      kind: "running",
      says: `${name} is there, and ${of} does not have all of it.${against}${heldText(world, running)} ${then}`,
    };
  const given = givenAt(world, running);
  // The values are set before it is given: one that is missing then somebody has changed.
  if (given !== null || isUsed) {
    const how = await wordsOfGiven(world, input, { next, isUsed });
    const says = `${how}: the call was not taken, or somebody has set it back. Nothing was sent again. ${then}`;
    const since = given ?? Date.parse(running.startedAt);
    if (now - since > shownMs) return { kind: "failed", says };
    const handle = lostBy(running, since);
    return handle === null ? { kind: "running", says } : { kind: "running", says, handle };
  }
  const sent = await sendCall(world, next);
  if (sent.is === "refused" && sent.guard !== "rds-not-now" && !isNotFound(sent.code))
    return { kind: "failed", says: `${sent.reason} ${of} keeps ${group}; ${name} is left, unused. ${then}` };
  const says = `${name} is there; what was left of it is being done.`;
  return { kind: "running", says, handle: givenBy(world, sent.is === "refused" ? [] : [next]) };
}

async function wordsOfGiven(
  world: AwsWorld,
  input: OwnGroup,
  { next, isUsed }: { readonly next: AwsCall; readonly isUsed: boolean },
): Promise<string> {
  const { of, group, name } = input;
  if (isUse(next)) return `${of} uses ${group}, and was given ${name}, or may have been`;
  const missing = list((await valuesMissing(world, input)) ?? []);
  return isUsed
    ? `${of} uses ${name}, which has not ${missing} as ordered`
    : `${name} has not ${missing} as ordered, and was given to ${of}, or may have been`;
}
