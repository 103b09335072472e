import type { FailoverRun } from "../contract/failover.ts";
import type { FailoverTopology, Node } from "../contract/failover-topology.ts";
import { describeCommand, giveBackCommand, resourceCommand, unwallCommand } from "./commands.ts";
import { saysCopies } from "./copies.ts";
import { maybePromoted, type Refused } from "./maybe-promoted.ts";
import { oldNode } from "./old-node.ts";
import { once } from "./once.ts";
import { orderTimes } from "./order-times.ts";
import { fenceMayStand, fencing, mayHaveHappened, noted, type Sight, type Turn, wait } from "./turn.ts";
import { walled } from "./wall.ts";

/** A call is given up after 30 s; what RDS has by then it shows within as long again. */
const wallArrivesMs = 60_000;
const options = { settleMs: 5000, tries: 20, repeatable: true };

/** Takes the fence away; never where something may have been promoted. */
export function compensate(run: FailoverRun, seen: Sight): Turn {
  const promoted = maybePromoted(run, seen);
  if (promoted !== null) return notOpened(run, promoted);
  const old = oldNode(run, seen.topology);
  const groups = run.groupsBefore ?? [];
  if (old === null) return withoutOld(run, groups);
  const touched = doorTouched(run, old);
  if (!touched && !fencing.some((key) => mayHaveHappened(run, key))) return { go: "announce", run };
  const wallGone = isWallGone(run, old, seen);
  const doorOpen = !touched || isOpened(old);
  const unwall = { kind: "unwall", node: old.id, groups } as const;
  const unfence = { kind: "unfence", node: old.id } as const;
  const wall = once(run, seen, "unwall", unwall, { ...options, shown: wallGone || groups.length === 0 });
  const door = once(run, seen, "unfence", unfence, { ...options, shown: doorOpen });
  const turns = [wall, door].flatMap((step) => (step.is === "turn" ? [step.turn] : []));
  const turn = turns.find((one) => "send" in one) ?? turns[0];
  if (turn !== undefined) return turn;
  if (wall.is === "failed" || door.is === "failed" || !wallGone) return stillFenced(run, old, wallGone);
  if (seen.now < lastOnItsWay(run) + orderTimes.settledMs)
    return wait(run, seen, "what was on its way would arrive by then");
  return { go: "announce", run: opened({ ...run, givenBack: seen.now }, old, seen.topology) };
}

/** Whom another failover fenced as well is no primary as before; nor is a copy opened by it that people promoted. */
function opened(run: FailoverRun, old: Node, topology: FailoverTopology): FailoverRun {
  const inside = !doorTouched(run, old) && (old.look?.traces ?? old.look?.fenced) === true;
  const before =
    run.earlier === null && !inside ? "it is the primary as before" : "what stood before is not this run's";
  const after = noted(run, `The fence was taken off ${old.id}: ${before}.`);
  const other =
    inside && run.earlier === null
      ? ` ${old.id} is FENCED FROM INSIDE still, by another failover of this group.`
      : "";
  const says = `${run.ending?.says ?? ""}${other}${saysCopies(run, topology)}`;
  return run.ending === null || says === run.ending.says
    ? after
    : { ...after, ending: { ...run.ending, says } };
}

/** Where somebody may be promoted two would take writes. */
function notOpened(run: FailoverRun, { why, release, nextCommand }: Refused): Turn {
  const says = `${run.ending?.says ?? ""} ${why}: ${run.oldPrimary} stays fenced, for beside it another one would take writes.${release}`;
  const ending = run.ending && { ...run.ending, status: "failed" as const, says, nextCommand };
  return { go: "announce", run: { ...run, ending } };
}

function stillFenced(run: FailoverRun, { id }: Node, wallGone: boolean): Turn {
  const groups = run.groupsBefore ?? [];
  const why = wallGone || groups.length > 0 ? "the fence could not be taken off" : "its groups are not known";
  return notGivenBack(run, `${id} is still the primary, and STILL FENCED: ${why}.`, groups);
}

function withoutOld(run: FailoverRun, groups: readonly string[]): Turn {
  if (!fenceMayStand(run)) return { go: "announce", run };
  const missing = `RDS shows ${run.oldPrimary} no more, which MAY BE FENCED.`;
  return notGivenBack(run, missing, groups, run.oldResource);
}

/** `resource`: by which it is found where its name is another one's by now, or nobody's. */
function notGivenBack(
  run: FailoverRun,
  why: string,
  groups: readonly string[],
  resource: string | null = null,
): Turn {
  const id = run.oldPrimary ?? run.input.database;
  // What RDS is told with no groups changes nothing.
  const named = groups.length === 0 ? describeCommand(id) : unwallCommand(id, groups);
  const unwall = resource === null ? named : resourceCommand(resource);
  const ending = run.ending && {
    ...run.ending,
    status: "failed" as const,
    says: `${run.ending.says} ${why}`,
    nextCommand: `${unwall} && ${giveBackCommand(run)}`,
  };
  return { go: "announce", run: { ...run, ending } };
}

/** What came back with an answer has done what it does, unless it was sent twice. */
function lastOnItsWay({ sent }: FailoverRun): number {
  const open = (["unwall", "unfence"] as const).filter((key) => {
    const of = sent[key];
    return of !== undefined && (of.unclear || of.answer === "none");
  });
  return Math.max(...[...fencing, ...open].map((key) => sent[key]?.at ?? 0));
}

/** Also what was refused to the end may have closed a part: what stands is seen. */
function doorTouched(run: FailoverRun, { look }: Node): boolean {
  const tried = run.sent["fence"] ?? run.sent["refence"];
  const seen = tried !== undefined && look?.traces === true;
  return seen || mayHaveHappened(run, "fence") || mayHaveHappened(run, "refence");
}

function isOpened({ look }: Node): boolean {
  return (look?.traces ?? look?.fenced) === false;
}

/** Groups that a person gave it since are not overwritten; a wall that was just sent may still come. */
function isWallGone(run: FailoverRun, old: Node, seen: Sight): boolean {
  if (!mayHaveHappened(run, "wall")) return true;
  if (stillWalled(run, old, seen)) return false;
  const { unwall, wall } = run.sent;
  const known = seen.topology.quarantineGroup !== null && old.securityGroups !== null;
  return unwall !== undefined || (known && seen.now >= (wall?.at ?? 0) + wallArrivesMs);
}

function stillWalled({ groupsBefore }: FailoverRun, old: Node, { topology }: Sight): boolean {
  const before = groupsBefore?.join() === topology.quarantineGroup;
  return !before && topology.quarantineGroup !== null && walled(topology, old);
}
