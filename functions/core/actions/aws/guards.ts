import type { Changeable } from "../../change-ports.ts";
import { list } from "../../text/wording.ts";
import { type StatusPurpose, statusRefusal } from "../aws-calls/statuses.ts";
import type { AwsWorld } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";
import { isWanted, type Wanted } from "./progress.ts";
import { pendingWord, type Shown } from "./shown.ts";

type Pending = Changeable["pending"][number];

/** What is asked of every change, in this order; null: nothing speaks against it. */
export function commonRefusal(
  world: AwsWorld,
  purpose: StatusPurpose,
  state: Changeable,
  shown: Shown,
  wanted: Wanted = {},
): Check | null {
  const status = statusRefusal(purpose, state);
  return (
    notTheSame(world, state, shown) ??
    (status === null ? null : { kind: "refuse", ...status }) ??
    unshown(state, shown, wanted)
  );
}

/** For a repeat: whatever else speaks against a call by now may be what the first one has brought about. */
export function isThisOne(against: Check | null): boolean {
  return against?.kind !== "refuse" || against.guard !== "another-database";
}

export const triedBefore = "An earlier attempt may have sent it.";

/**
 * Cut off by a restart, its rollback comes on top of the outage. Not asked where nothing restarts. By the last look before
 * the order, and as old by now as that look is; without one, by what was shown.
 */
export function openTransaction(
  { guards, clock, note }: AwsWorld,
  { openSeconds: shown }: Shown,
): Check | null {
  const { openTransaction: last } = guards;
  const seen = last === undefined ? shown : last.seconds;
  if (seen === null) {
    note("Whether a large transaction is open could not be seen from outside.");
    return null;
  }
  const since = last === undefined ? 0 : Math.max(0, clock.now() - Date.parse(last.at)) / 1000;
  const openSeconds = seen + since;
  const most = guards.maxLostWorkSeconds ?? 600;
  if (openSeconds <= most) return null;
  return refuse(
    "large-transaction",
    `A transaction has been open for ${Math.round(openSeconds)} s, more than the ${most} s of policy.maxLostWorkSeconds: its rollback would come on top of the outage.`,
    "Lifts by itself when it has ended; the next look tells.",
  );
}

/** A database that was deleted and made anew has its name, and nothing else of it. */
export function notTheSame(
  { target }: AwsWorld,
  { id, kind, resourceId, clusterId }: Changeable,
  { of, resourceId: seen = null }: Pick<Shown, "of"> & Partial<Shown>,
): Check | null {
  const isInstance = kind === "instance";
  const named = isInstance ? target.name : target.clusterId;
  // IAM sign-in to Aurora names the cluster: the target has that id there, and the instance's is in what was seen.
  const comparable = isInstance === (target.flavour !== "aurora");
  const another =
    (comparable && target.resourceId !== null && resourceId !== target.resourceId) ||
    (isInstance && ((seen !== null && resourceId !== seen) || clusterId !== target.clusterId));
  if (of === named && of === id && !another) return null;
  return refuse("another-database", `${of} is not the database that this was permitted for.`, looksAgain);
}

export function isShown(one: Pending, shown: Shown): boolean {
  return shown.pending.includes(pendingWord(one));
}

/** ApplyImmediately takes everything along that waits; the very value that is asked for was shown with it. */
function unshown({ pending }: Changeable, shown: Shown, wanted: Wanted): Check | null {
  const more = pending.filter((one) => !isShown(one, shown) && !isWanted(one, wanted));
  if (more.length === 0) return null;
  const named = more.map(({ name, value }) => (value === null ? name : `${name} (${value})`));
  return refuse(
    "pending-changes",
    `What waits would go along with it, and was not shown: ${list(named)}.`,
    "Lifts by itself: the next look shows it with what waits; or a person applies or withdraws that first.",
  );
}
