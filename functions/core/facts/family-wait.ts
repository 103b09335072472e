import type { CauseId } from "../contract/cause-ids.ts";
import { withoutLeadingComments } from "../text/statement-parts.ts";
import { standingWait } from "./inside-wait.ts";
import { loadShares, totalLoad } from "./insights.ts";
import { loadProfile } from "./load-profile.ts";
import type { View } from "./view.ts";
import { type WaitFamily, waitFamilies } from "./wait-families.ts";
import { loadAt, type OutsideWait } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

export interface FamilyWait {
  readonly family: WaitFamily;
  readonly names: Pick<RegExp, "test">;
  readonly wait: OutsideWait;
}

const ofLatches = "latch-contention";

/** Of those that no family names: a latch is one all the same, and several kinds of them may share the load. */
const otherLatch: WaitFamily = {
  kind: "other",
  names: /^(LWLock:|Timeout:SpinDelay$)/i,
  what: "structures that the engine shares among all",
  helps: "fewer sessions at once",
  vague: true,
};

const { [ofLatches]: latches = [], ...others } = waitFamilies;
const { log, replica, page, lockManager, subtransactions, multixacts } = waitNames;
/** What other causes own. */
const owned: readonly RegExp[] = [
  ...[log, replica, page, lockManager, subtransactions, multixacts],
  ...Object.values(others).flatMap((families) => families.map(({ names }) => names)),
];

/** What fills the load, of what shows such a cause; null where nothing does. */
export function familyWait(view: View, cause: CauseId): FamilyWait | null {
  if (view.evidence.target.engine !== "postgres") return null;
  const [first] = (waitFamilies[cause] ?? []).flatMap((family) => waitOf(view, family, family.names));
  if (first !== undefined || cause !== ofLatches) return first ?? null;
  return waitOf(view, otherLatch, { test: isAnyLatch })[0] ?? null;
}

/** Whoever has such a lock keeps it to its end; others are given back within the statement. */
const heldByOne: ReadonlySet<string> = new Set(["same-key", "object", "older-transactions"]);

const copy = /^copy\b/i;

/** To load and to dump is to wait for the client: whether most of those who do are at that. */
function copies(view: View, names: FamilyWait["names"]): boolean {
  const loads = loadShares(view, "statement").map((share) => ({
    copies: copy.test(withoutLeadingComments(share.name).trim()),
    load: loadAt(share, names),
  }));
  return 2 * totalLoad(loads.filter((one) => one.copies)) > totalLoad(loads);
}

const bulk = /^\s*(?:copy|create\s+(?:unique\s+)?index|reindex)\b/i;

/** A load, a dump or a restore waits for its client, or for what it writes, as it should. */
function isOfBulk(view: View, { kind }: WaitFamily, names: FamilyWait["names"]): boolean {
  const isInside = loadProfile(view) !== null;
  if (kind === "clients") return isInside || copies(view, names);
  const atWork = (view.sessions ?? []).filter((one) => one.state === "active" && !one.own);
  return (
    kind === "pages" &&
    isInside &&
    2 * atWork.filter(({ query }) => bulk.test(query ?? "")).length > atWork.length
  );
}

function waitOf(view: View, family: WaitFamily, names: FamilyWait["names"]): readonly FamilyWait[] {
  // Locks are told better by who looked at them.
  if (view.forests !== null && heldByOne.has(family.kind)) return [];
  const wait = standingWait(view, names);
  if (wait === null || isOfBulk(view, family, names)) return [];
  return [{ family, names, wait }];
}

function isAnyLatch(name: string): boolean {
  return (
    [otherLatch, ...latches].some(({ names }) => names.test(name)) && !owned.some((other) => other.test(name))
  );
}
