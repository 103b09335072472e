import * as z from "zod";
import type { MadeDatabase } from "../../change-ports.ts";
import type { Followed } from "../../contract/work-order.ts";
import { type AwsCall, stepText } from "../../text/aws-call.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Following } from "../steps.ts";
import { lookForMade } from "./look-for-made.ts";
import { isMadeAs } from "./made.ts";
import { heldText } from "./own-group-looks.ts";
import type { RestoreInput } from "./restore-calls.ts";
import { sendCall } from "./send-call.ts";

const heldSchema = z.object({
  /** The copy was there at an earlier look. */
  copySeen: z.boolean().default(false),
  memberSeen: z.boolean().default(false),
  /** When the call for its instance was sent, or may have been, epoch milliseconds; null: it was not. */
  memberAt: z.number().nullable().default(null),
  /** Of a look that ended without an answer it is not known what it sent. */
  lostLook: z.boolean().default(false),
});
/** What the looks have seen and sent: of what was there and is gone a person has disposed, and it is not made again. */
export type Held = z.infer<typeof heldSchema>;

const nothing: Held = { copySeen: false, memberSeen: false, memberAt: null, lostLook: false };

/** Whoever began it sends no call for an instance: a handle without all this is its own. */
export function heldOf(running: Followed | undefined): Held {
  return heldSchema.safeParse(running?.handle).data ?? nothing;
}

/** So long RDS may not show what it has taken. */
const shownMs = 120_000;

interface Member {
  readonly call: AwsCall;
  readonly held: Held;
  readonly done: () => Following;
}

/** The instance by which a copy of a cluster is read: sent once, and only while the responder may act. */
export async function withMember(
  world: AwsWorld,
  input: RestoreInput,
  member: Member,
  running: Followed | undefined,
): Promise<Following> {
  const name = `${input.name}-1`;
  const made = await world.rds.made({ kind: "instance", id: name }, world.signal);
  if (made !== null) return memberThere(world, input, { ...member, made }, running);
  const { held, call } = member;
  const next = `Next: ${stepText(call, world.target.region)}`;
  const now = world.clock.now();
  const alone = `${input.name} is there, without an instance to read it by`;
  if (held.memberSeen)
    return {
      kind: "failed",
      says: `${alone}: ${name} was there, and is gone: somebody has deleted it. It is not made again. ${next}`,
    };
  if (held.memberAt !== null)
    return now - held.memberAt > shownMs
      ? {
          kind: "failed",
          says: `${alone}: the call for ${name} was not taken, or somebody has deleted it. It is not sent again. ${next}`,
        }
      : { kind: "running", says: `${name} cannot be seen yet.` };
  // Once nobody waits for it any more, nobody would look what comes of it: a person sends it.
  const isOver = running === undefined || now >= Date.parse(running.until);
  if (isOver || !running.mayTidy || world.onlyLook)
    return {
      ...{ kind: "running", says: `${alone}.${heldText(world, running)} ${next}` },
      handle: { ...held, copySeen: true },
    };
  const sentNow = { ...held, copySeen: true, lostLook: false, memberAt: now };
  if (held.lostLook || world.repeated) {
    const says = `${alone}. A look that ended without an answer may have asked for ${name}: nothing was sent again, it is looked for. ${next}`;
    return { kind: "running", says, handle: sentNow };
  }
  const sent = await sendCall(world, call);
  if (sent.is === "refused" && /^DBInstanceAlreadyExists(Fault)?$/.test(sent.code))
    return {
      ...{ kind: "running", handle: sentNow },
      says: `${name} is there, and cannot be seen yet: ${sent.reason}`,
    };
  if (sent.is === "refused" && sent.guard !== "rds-not-now")
    return { kind: "failed", says: `${input.name} is there, without an instance: ${sent.reason} ${next}` };
  if (sent.is === "refused")
    return { kind: "running", says: `${alone}: ${sent.reason}`, handle: { ...sentNow, memberAt: null } };
  const says = `${input.name} is there; ${name}, by which it is read, is being made.`;
  return { kind: "running", says, handle: sentNow };
}

/** By its name it is made once, and its name proves nothing. */
function memberThere(
  { clock }: AwsWorld,
  input: RestoreInput,
  { made, held, done }: Member & { readonly made: MadeDatabase },
  running: Followed | undefined,
): Following {
  const name = `${input.name}-1`;
  if (!isMadeAs(made, "copy") || made.clusterId !== input.name) {
    const says = `${input.name} is there, without an instance: ${name} is another's, and not in it. A person adds one of another name.`;
    return { kind: "failed", says };
  }
  const following = lookForMade(made, { name, kind: "instance", now: clock.now(), running }, done);
  return following.kind === "running"
    ? { ...following, handle: { ...held, copySeen: true, memberSeen: true } }
    : following;
}
