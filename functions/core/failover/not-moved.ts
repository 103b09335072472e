import type { FailoverRun } from "../contract/failover.ts";
import { type NameRef, nodeOf } from "../contract/failover-topology.ts";
import { counts } from "./agreement-time.ts";
import {
  carriedText,
  describeCommand,
  nameText,
  pointCommand,
  redriveCommand,
  redriveForced,
} from "./commands.ts";
import { moreThan, saysThatItTook } from "./loss.ts";
import { mayServeElsewhere, servesElsewhere } from "./name-elsewhere.ts";
import type { NameReading } from "./ports.ts";
import { end, lookAgainMs, mayHaveHappened, noted, over, type Sight, type Turn, wait } from "./turn.ts";
import { lifts } from "./vetoes/standing.ts";

const unreadLimitMs = 30_000;
/** Behind the promotion: a name that leads elsewhere by somebody's will is not moved. Null: it may be. */
export function notMoved(run: FailoverRun, seen: Sight, at: number, to: string): Turn | null {
  const name = run.names[at];
  if (name === undefined) return null;
  const may = mayServeElsewhere(run, seen, at);
  if (may !== null)
    return unread(run, seen, name, { to, may: `${may} takes writes, which this failover did not leave` });
  const reading = seen.names[at]?.reading ?? null;
  const elsewhere = servesElsewhere(run, seen, reading?.pointsTo ?? null);
  if (elsewhere !== null) return served(run, name, to, elsewhere);
  if (reading === null) return unreadLately(run, seen, at, to);
  if (reading.stranger === undefined || isLifted(run) || isNobody(run, seen, reading)) return null;
  return away(run, name, { to, stranger: reading.stranger, was: wasItsName(run, seen, reading) });
}

/**
 * One lost answer moves no name off a writer of somebody's, nor do many. Where it was read since this was typed that it
 * leads to one of the group, a name server that falls silent holds no real outage.
 */
function unreadLately(run: FailoverRun, seen: Sight, at: number, to: string): Turn | null {
  const name = run.names[at];
  if (name === undefined) return null;
  const own = run.sent[`point:${at}`];
  if (own !== undefined && own.at >= run.phaseSince && mayHaveHappened(run, `point:${at}`)) return null;
  const points = Object.entries(run.sent).flatMap(([key, sent]) => (key.startsWith("point:") ? sent.at : []));
  const since = Math.max(run.phaseSince, ...points);
  if (seen.now - since < lookAgainMs)
    return wait(run, seen, `where ${nameText(name)} leads could not be read, and is read again`);
  if (isLifted(run) || counts(run.ledAt, seen.now)) return null;
  return unread(run, seen, name, { to, may: "clients may be elsewhere by it" });
}

/** To be told with the end: what was moved was not seen where it was moved from. */
export function notedUnread(run: FailoverRun, seen: Sight, at: number): FailoverRun {
  const { ref, reading = null } = seen.names[at] ?? {};
  if (ref === undefined || reading !== null) return run;
  const since =
    run.ledAt === null ? "" : `; at ${new Date(run.ledAt).toISOString()} it led to one of this group`;
  return noted(run, `Where ${nameText(ref)} led could not be read, and it was moved${since}.`);
}

export const leadsAway = "name-leads-away";

/** At the check, or by a redrive since. */
function isLifted({ input, overridden, forcedAgain }: FailoverRun): boolean {
  return [...overridden, ...forcedAgain].includes(leadsAway) || lifts(input, leadsAway);
}

/** Where a name is moved off a stranger all the same: whose writes are given up by it stands in the record. */
export function givingUpStrangers(run: FailoverRun, seen: Sight, to: string): FailoverRun {
  if (!isLifted(run)) return run;
  const left = seen.names.flatMap(({ reading }) =>
    reading?.stranger === undefined || isNobody(run, seen, reading) ? [] : reading.stranger,
  );
  return left.reduce((before, stranger) => givingUp(before, stranger, to), run);
}

function givingUp(run: FailoverRun, stranger: string, to: string): FailoverRun {
  const lost = `what ${stranger} took, if anything, ${to} never got`;
  const kept = run.loss !== null && saysThatItTook(run.loss, run.oldPrimary ?? run.input.database);
  const overridden = [...new Set([...run.overridden, leadsAway])];
  const loss = kept ? run.loss : moreThan(run.loss, lost);
  return noted({ ...run, loss, overridden }, `A name led to ${stranger}, and is moved: ${lost}.`);
}

/** Somebody led the clients to one that is neither, and it takes their writes: those the new writer never got. */
function served(run: FailoverRun, name: NameRef, to: string, elsewhere: string): Turn {
  return end(run, {
    status: "failed",
    says: `${to} takes writes, and ${nameText(name)} was not moved to it: it leads to ${elsewhere}, which takes writes and which this failover did not leave. Which of the two goes on is for people to say: what ${elsewhere} took ${to} has not.`,
    nextCommand: `${describeCommand(elsewhere)} && ${pointCommand(name, to)} && ${redriveCommand(run)}`,
  });
}

/** It led to one of the group at the check: RDS does not show here whom people promoted by hand since. */
function away(
  run: FailoverRun,
  name: NameRef,
  { to, stranger, was }: { readonly to: string; readonly stranger: string; readonly was: boolean },
): Turn {
  const left = was
    ? `the name of ${run.oldPrimary}, which people renamed or deleted since: nobody of this group has it. Whoever has it by now, if anybody, may have clients`
    : `which is none of this group and which this failover did not leave. Which of the two goes on is for people to say: what ${stranger} took ${to} has not`;
  return end(run, {
    status: "failed",
    says: `${to} takes writes, and ${nameText(name)} was not moved to it: it leads to ${stranger}, ${left}. The command below moves it to ${to}.${carriedText(run)}`,
    nextCommand: redriveForced(run, leadsAway),
  });
}

/** What stands there is the address of the name that the old primary had. */
function wasItsName({ oldPrimary }: FailoverRun, { topology }: Sight, { formerly }: NameReading): boolean {
  return oldPrimary !== null && formerly === oldPrimary && nodeOf(topology, oldPrimary) === null;
}

/** The address of the old primary, which RDS has under no name: nobody has its name, and no client is there. */
function isNobody(run: FailoverRun, seen: Sight, reading: NameReading): boolean {
  return seen.oldGone === true && wasItsName(run, seen, reading);
}

/** It is read again for a while; a name that may be on a writer of somebody's is not moved blindly. */
function unread(
  run: FailoverRun,
  seen: Sight,
  name: NameRef,
  { to, may }: { readonly to: string; readonly may: string },
): Turn {
  if (!over(run, seen, unreadLimitMs)) return wait(run, seen, `${nameText(name)} could not be read`);
  return end(run, {
    status: "failed",
    says: `${to} takes writes, and ${nameText(name)} was not moved to it: where it leads could not be read, and ${may}. Once it can be read the command below goes on; with --force ${leadsAway} beside it the name is moved unread.`,
    nextCommand: redriveCommand(run),
  });
}
