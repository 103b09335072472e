import * as z from "zod";
import type { Changeable } from "../../change-ports.ts";
import type { Followed } from "../../contract/work-order.ts";
import type { AwsWorld } from "../define-aws.ts";
import type { Following } from "../steps.ts";
import { nextCommand } from "./progress.ts";

const handleSchema = z.object({
  /** When the call was sent; of one that may have been sent, when it was ordered. */
  since: z.string(),
  /** Groups of which something waited for the restart. */
  waiting: z.array(z.string()).default([]),
  /** Absent from what was begun before it was asked. */
  sent: z.enum(["taken", "not-known"]).default("taken"),
});
export type RestartHandle = z.infer<typeof handleSchema>;

/** RDS-EVENT-0006; events come up to five minutes late, and not for sure. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html */
const restarted = /^DB instance restarted\b/i;
/** A restart after one of these is theirs. */
const anotherCause =
  /recovery of the db instance has started|failover|patch|upgrade|maintenance|replace the host|error restarting|critically low|low on memory|storage-full|storage has been exhausted|instance class|fallen behind|disconnected from/i;
/** Events are five minutes late, CloudTrail some more; who has told of nothing by then has nothing to tell. */
const notSentMs = 1_200_000;

type Kind = Changeable["kind"];

/** Whether it has restarted since the call, by what RDS tells of this very instance, and because of the call. */
export async function lookForRestart(
  world: AwsWorld,
  kind: Kind,
  id: string,
  running?: Followed,
): Promise<Following> {
  const { rds, target, clock, signal } = world;
  const handle =
    handleSchema.safeParse(running?.handle).data ??
    handleSchema.parse({
      since: running?.startedAt ?? new Date(world.orderedAt).toISOString(),
      // A lost attempt has told nothing of its call.
      sent: "not-known",
    });
  const self = { kind: "instance", id: target.name } as const;
  const state = await rds.describe({ kind, id }, signal);
  if (state === null) return { kind: "failed", says: `RDS knows no ${id} any more.` };
  const events = await rds.events(self, Date.parse(handle.since), signal);
  const told = restartIn(events);
  const instance = kind === "instance" ? state : await rds.describe(self, signal);
  const taken = handle.sent === "taken" ? true : await wasTaken(world, kind, id, handle);
  const proof = told.own ?? appliedText(instance, handle.waiting);
  const seen = seenText(told, proof, taken);
  if (proof !== null && taken !== false && state.status === "available") {
    const says = `${id} has restarted (${proof}) and is available.${taken === null ? " Whose call it was could not be seen: CloudTrail could not be asked." : ""}`;
    return { kind: "ended", verdict: { kind: "verified", says } };
  }
  const isQuiet = proof === null && told.others === null && state.status === "available";
  if (isQuiet && taken === false && isTime(handle, clock.now(), running)) return notSent(id, handle);
  return running !== undefined && clock.now() >= Date.parse(running.until)
    ? { kind: "running", says: `${saysNow(state, seen)} ${nextCommand({ kind, id })}` }
    : { kind: "running", says: saysNow(state, seen) };
}

function saysNow({ id, status }: Changeable, seen: string): string {
  return `${id} is ${status ?? "in an unknown status"}; ${seen}.`;
}

/** While it is waited for: what nobody has looked at for longer is left to a person. */
function isTime({ since }: RestartHandle, now: number, running: Followed | undefined): boolean {
  return running !== undefined && now < Date.parse(running.until) && now - Date.parse(since) >= notSentMs;
}

function notSent(id: string, { since }: RestartHandle): Following {
  return {
    kind: "not-begun",
    guard: "not-sent",
    reason: `Nothing shows that the restart of ${id} was ever sent: it is available, and since ${since} neither RDS tells of a restart nor CloudTrail of a call. How long the engine has been up is not seen from here.`,
    release: "Nothing to release: if it is still called for, it is asked about anew.",
  };
}

/** Null: CloudTrail cannot be asked. */
async function wasTaken(
  { rds, clock, signal }: AwsWorld,
  kind: Kind,
  id: string,
  { since }: RestartHandle,
): Promise<boolean | null> {
  const operation = kind === "cluster" ? "RebootDBCluster" : "RebootDBInstance";
  const calls = await rds.callsOn(id, operation, { from: Date.parse(since), to: clock.now() }, signal);
  return calls === null ? null : calls.length > 0;
}

interface Told {
  /** The first restart that nothing else explains. */
  readonly own: string | null;
  /** One that something else explains. */
  readonly others: string | null;
}

function restartIn(events: readonly { readonly at: string; readonly says: string }[]): Told {
  let cause: string | null = null;
  let others: string | null = null;
  for (const { at, says } of events.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    if (anotherCause.test(says)) cause = `${at}: ${says}`;
    if (!restarted.test(says)) continue;
    if (cause === null) return { own: `${at}: ${says}`, others };
    others = cause;
    cause = null;
  }
  return { own: null, others };
}

function seenText({ others }: Told, proof: string | null, taken: boolean | null): string {
  const another = others === null ? "" : `, but of one for another reason (${others})`;
  if (proof === null) return `RDS has told of no restart yet that the call has made${another}`;
  return taken === false
    ? `RDS told of one (${proof}), and CloudTrail of no call yet that made it`
    : `RDS told of one (${proof})`;
}

function appliedText(state: Changeable | null, waiting: readonly string[]): string | null {
  const groups = state?.parameterGroups ?? [];
  const applied = waiting.filter((name) =>
    groups.some((one) => one.name === name && one.status === "in-sync"),
  );
  return waiting.length > 0 && applied.length === waiting.length
    ? `what waited for it in ${applied.join(", ")} is applied`
    : null;
}
