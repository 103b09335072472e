import type { FailoverRun } from "../contract/failover.ts";
import { mayTakeWrites } from "./between-two.ts";
import {
  carriedText,
  describeCommand,
  nameText,
  pointCommand,
  redriveCommand,
  redriveForced,
} from "./commands.ts";
import { done, withoutNewPrimary } from "./failed-over.ts";
import { whyStopped } from "./kill-switch-guard.ts";
import { leadOf } from "./lead.ts";
import { lostRows } from "./loss.ts";
import { withLostUnseen } from "./lost-unseen.ts";
import { needsFence, newWriter } from "./methods.ts";
import { namesUnasked } from "./name-elsewhere.ts";
import { givingUpLeads, givingUpUnread, leadsAway, liftedHere, notMoved } from "./not-moved.ts";
import { oldNode } from "./old-node.ts";
import { type Once, once } from "./once.ts";
import { replicaName } from "./replica-name.ts";
import { stamped } from "./times.ts";
import { end, noted, over, type Sight, type Turn, wait } from "./turn.ts";
import { watched } from "./watch-duty.ts";

const proveLimitMs = 300_000;
const astrayLimitMs = 30_000;

/** Only what points at one node has to be moved: a cluster's endpoint follows its writer by itself. */
export function repoint(before: FailoverRun, seen: Sight): Turn {
  const to = newWriter(before, seen.topology);
  if (to === null) return withoutWriter(before, seen);
  if (!needsFence(before.method)) return { go: "prove-name", run: before };
  const unasked = namesUnasked(before, seen);
  if (unasked !== null) return unasked;
  const run = givingUpLeads(withLostUnseen(before, seen), seen, to);
  const stays = notMoved(run, seen, to);
  if (stays !== null) return stays;
  for (const [at, name] of run.names.entries()) {
    const options = {
      shown: readingOf(seen, at)?.pointsTo === to,
      ...{ settleMs: 10_000, tries: 8, repeatable: true },
    };
    const pointed = once(run, seen, `point:${at}`, { kind: "point", name, to }, options);
    if (pointed.is === "turn")
      return "send" in pointed.turn
        ? { ...pointed.turn, run: givingUpUnread(pointed.turn.run, seen, { name, at, to }) }
        : pointed.turn;
    if (pointed.is === "failed") {
      return end(run, {
        status: "failed",
        says: `${to} takes writes, and ${nameText(name)} could not be moved to it (${pointed.says}): ${stillLeads(run, seen, at)}.`,
        nextCommand: `${pointCommand(name, to)} && ${redriveForced(run, ...liftedHere(run))}`,
      });
    }
  }
  return { go: "prove-name", run: run.names.length === 0 ? run : stamped(run, "repointed", seen.now) };
}

function stillLeads(run: FailoverRun, seen: Sight, at: number): string {
  const reading = readingOf(seen, at);
  if (reading === null) return "where it leads by now could not be read";
  return reading.pointsTo === run.oldPrimary
    ? `clients still go to ${run.oldPrimary}, which is fenced`
    : "clients go where it led before";
}

function withoutWriter(run: FailoverRun, seen: Sight): Turn {
  if (!over(run, seen, proveLimitMs)) return wait(run, seen, "RDS names no writer");
  return end(run, {
    status: "failed",
    says: `RDS names no new writer of ${run.input.database} since ${proveLimitMs / 60_000} min; the names stay where they were.`,
    nextCommand: `${describeCommand(run.oldPrimary ?? run.input.database)} && ${redriveCommand(run)}`,
  });
}

export function proveName(run: FailoverRun, seen: Sight): Turn {
  const to = newWriter(run, seen.topology);
  if (to === null) return withoutWriter(run, seen);
  const unproved = run.names.filter((_, at) => readingOf(seen, at)?.proves !== to);
  const ttlMs = 1000 * Math.max(0, ...run.names.map((_, at) => readingOf(seen, at)?.ttlSeconds ?? 0));
  if (unproved.length === 0 && over(run, seen, ttlMs)) {
    return {
      go: "rebuild",
      run: run.names.length === 0 && needsFence(run.method) ? noted(run, withoutName(to)) : run,
    };
  }
  // One that was read and leads to none of ours will not come to: nobody moves a name of a cluster.
  const astray = run.names.some((_, at) => readingOf(seen, at)?.pointsTo === null);
  const limitMs = astray && !needsFence(run.method) ? astrayLimitMs : proveLimitMs;
  if (!over(run, seen, limitMs + ttlMs)) return wait(run, seen, "the names are proved through themselves");
  const texts = unproved.map(nameText).join(", ");
  const back = needsFence(run.method) ? elsewhere(run, seen, to) : null;
  if (back !== null) return back;
  return end(run, {
    status: "failed",
    says: astray
      ? `${to} takes writes, but ${texts} leads to none of this group that takes them.`
      : `${to} takes writes and the names were moved, but through ${texts} it does not answer as the writer yet.`,
    nextCommand: redriveCommand(run),
  });
}

/** Moved by somebody since, or the new writer was renamed and has another address: a redrive alone would only wait again. */
function elsewhere(run: FailoverRun, seen: Sight, to: string): Turn | null {
  const at = run.names.findIndex((_, index) => isOther(readingOf(seen, index)?.pointsTo, to));
  const name = run.names[at];
  if (name === undefined) return null;
  const lead = leadOf(run, seen, at);
  const moved = `${to} takes writes, and ${nameText(name)} was moved to it`;
  const why = `people renamed ${to}, or moved the name: that was not done here`;
  if (lead.is === "ours" || lead.is === "unread") {
    const nobodys = readingOf(seen, at)?.pointsTo === null;
    const leads = nobodys
      ? `an address by now, which none of this group has: ${why}`
      : "another one again: that was not done here";
    return end(run, {
      status: "failed",
      says: `${moved}, and leads to ${leads}.`,
      nextCommand: `${pointCommand(name, to)} && ${redriveForced(run)}`,
    });
  }
  const is = lead.is === "served" ? `${lead.takes} writes` : "none of this group has";
  return end(run, {
    status: "failed",
    says: `${moved}, and leads to ${lead.who} by now, which ${is}: ${why}. Where they moved it, which of the two goes on is for people to say: what ${lead.who} took ${to} has not. The command below moves it to ${to}.${carriedText(run)}`,
    nextCommand: redriveForced(run, leadsAway),
  });
}

/** Read, that is. */
function isOther(pointsTo: string | null | undefined, to: string): boolean {
  return pointsTo !== undefined && pointsTo !== to;
}

function withoutName(to: string | null): string {
  return `No name was configured that could be moved: applications must be given the endpoint of ${to}.`;
}

function readingOf(seen: Sight, at: number) {
  return seen.names[at]?.reading ?? null;
}

/** Nothing here undoes the failover: what fails is noted for a person. */
export function rebuild(run: FailoverRun, seen: Sight): Turn {
  const source = newWriter(run, seen.topology);
  if (!needsFence(run.method) || source === null || run.oldPrimary === null)
    return { go: "announce", run: done(run, seen) };
  const lost = withoutNewPrimary(run, seen, source);
  if (lost !== null) return lost;
  const { nodes } = seen.topology;
  const id = replicaName(source);
  const settled = { settleMs: 60_000, tries: 3, repeatable: true };
  const shown = nodes.some(({ replicaOf }) => replicaOf === source);
  const engaged = seen.situation.killSwitch?.engaged === true;
  const stopped = shown || !engaged ? null : whyStopped(seen);
  const built: Once =
    stopped === null
      ? once(run, seen, "rebuild", { kind: "rebuild", source, id }, { shown, ...settled })
      : { is: "failed", mayHaveHappened: false, says: stopped };
  if (built.is === "turn") return built.turn;
  const value = new Date(run.startedAt).toISOString();
  const tag = { kind: "tag", node: run.oldPrimary, tag: "rds-responder:failed-over-at", value } as const;
  const there = oldNode(run, seen.topology) !== null;
  const tagShown = run.sent["tag"]?.answer === "done" || !there;
  const tagged = once(run, seen, "tag", tag, { shown: tagShown, settleMs: 3000, tries: 3, repeatable: true });
  if (tagged.is === "turn") return tagged.turn;
  const faults = [
    ...(built.is === "failed" ? [`No replica of ${source} could be made (${built.says}).`] : []),
    ...(there ? [] : [`RDS does not show ${run.oldPrimary} as it was: it was not tagged.`]),
    ...(tagged.is === "failed" ? [`${run.oldPrimary} could not be tagged (${tagged.says}).`] : []),
  ];
  const rows = lostRows(seen.topology, run);
  const counted = run.loss === null || rows === null ? run : { ...run, loss: { ...run.loss, rows } };
  const after = watched(closedSince(counted, seen), seen.now);
  return { go: "announce", run: done(faults.reduce(noted, after), seen) };
}

/** Where a person shut it since, that people were told that it is left counts no more: opened again it is fenced. */
function closedSince(run: FailoverRun, seen: Sight): FailoverRun {
  return mayTakeWrites(run, seen) === null ? { ...run, duties: [] } : run;
}
