import type { FailoverRun } from "../contract/failover.ts";
import type { NameRef } from "../contract/failover-topology.ts";
import { counts } from "./agreement-time.ts";
import { carriedText, nameText, redriveForced } from "./commands.ts";
import { type Lead, leadOf, leadText, thirdWriter } from "./lead.ts";
import { moreThan, saysThatItTook } from "./loss.ts";
import { end, lookAgainMs, mayHaveHappened, noted, over, type Sight, type Turn, wait } from "./turn.ts";
import { lifts } from "./vetoes/standing.ts";

const unreadLimitMs = 30_000;
export const leadsAway = "name-leads-away";
export const isUnread = "name-unread";

/**
 * Behind the promotion: names that lead elsewhere by somebody's will, or may, are not moved. All of them before the first
 * is: people say which of two goes on for all their names, and one that is read again hides no other. Null: they may be.
 */
export function notMoved(run: FailoverRun, seen: Sight, to: string): Turn | null {
  const turns = run.names.flatMap((name, at) => notThat(run, seen, { name, at, to }) ?? []);
  return turns.find((turn) => "go" in turn) ?? turns[0] ?? null;
}

interface Move {
  readonly name: NameRef;
  readonly at: number;
  readonly to: string;
}

function notThat(run: FailoverRun, seen: Sight, move: Move): Turn | null {
  const lead = leadOf(run, seen, move.at);
  const again = (says: string) => (over(run, seen, lookAgainMs) ? null : wait(run, seen, says));
  switch (lead.is) {
    case "ours":
      return null;
    case "unread":
      return unread(run, seen, move);
    case "unsure":
      if (givesUp(run, move.name, lead)) return null;
      return (
        again(`whether RDS has ${run.oldPrimary} still is asked again`) ??
        away(run, move, { ...lead, was: true })
      );
    case "served":
      if (givesUp(run, move.name, lead)) return null;
      if (lead.takes === "takes") return served(run, move, lead);
      return again(`whether ${lead.who} takes writes is asked again`) ?? served(run, move, lead);
    case "stranger":
      return givesUp(run, move.name, lead) ? null : away(run, move, lead);
    default:
      return lead satisfies never;
  }
}

/**
 * One lost answer moves no name off a writer of somebody's, nor do many. Where it was read since this was typed that it
 * leads to one of the group, a name server that falls silent holds no real outage.
 */
function unread(run: FailoverRun, seen: Sight, { name, at, to }: Move): Turn | null {
  const own = run.sent[`point:${at}`];
  if (own !== undefined && own.at >= run.phaseSince && mayHaveHappened(run, `point:${at}`)) return null;
  const points = Object.entries(run.sent).flatMap(([key, sent]) => (key.startsWith("point:") ? sent.at : []));
  const since = Math.max(run.phaseSince, ...points);
  const waits = wait(run, seen, `where ${nameText(name)} leads could not be read, and is read again`);
  if (seen.now - since < lookAgainMs) return waits;
  const third = thirdWriter(run, seen);
  if (mayMoveUnread(run, third) || (third === null && counts(run.ledAt, seen.now))) return null;
  if (!over(run, seen, unreadLimitMs)) return waits;
  const may =
    third === null
      ? "clients may be elsewhere by it"
      : `${third} takes writes, which this failover did not leave`;
  return end(run, {
    status: "failed",
    says: `${to} takes writes, and ${nameText(name)} was not moved to it: where it leads could not be read, and ${may}. Once it can be read the command below goes on; with --force ${isUnread} beside it the name is moved unread.${carriedText(run)}`,
    nextCommand: redriveForced(run, ...(third === null && lifts(run.input, isUnread) ? [isUnread] : [])),
  });
}

/** It stood at the check and was lifted there, or is named by a redrive since: what was typed before it stood is about others. */
function isLifted({ overridden, forcedAgain }: FailoverRun, veto: string): boolean {
  return [...overridden, ...forcedAgain].includes(veto);
}

/** What of it a redrive has to name again. */
export function liftedHere(run: FailoverRun): readonly string[] {
  return [leadsAway, isUnread].filter((veto) => isLifted(run, veto));
}

/** By a redrive that names it, or where that very one stood at the check and was lifted there. */
function givesUp(run: FailoverRun, name: NameRef, lead: Lead): boolean {
  if (lead.is === "ours" || lead.is === "unread") return false;
  const stood = run.overridden.includes(leadsAway) && run.notes.includes(overriddenText(name, lead));
  return run.forcedAgain.includes(leadsAway) || stood;
}

/** As the check notes it, and the card shows it. */
export function overriddenText(name: NameRef, lead: Lead): string {
  return `Overridden: ${leadText(name, lead)}.`;
}

/** Who redrives it with whoever a name leads to given up gives them up unseen as well. */
function mayMoveUnread(run: FailoverRun, third: string | null): boolean {
  const { forcedAgain } = run;
  return (
    forcedAgain.includes(leadsAway) ||
    (third === null ? isLifted(run, isUnread) : forcedAgain.includes(isUnread))
  );
}

/** Where a name is moved off somebody all the same: whose writes are given up by it stands in the record. */
export function givingUpLeads(run: FailoverRun, seen: Sight, to: string): FailoverRun {
  const left = seen.names.flatMap(({ ref }, at) => {
    const lead = leadOf(run, seen, at);
    return givesUp(run, ref, lead) && "who" in lead ? lead.who : [];
  });
  return left.reduce((before, who) => {
    const lost = `what ${who} took, if anything, ${to} never got`;
    return noted(givingUp(before, lost), `A name led to ${who}, and is moved: ${lost}.`);
  }, run);
}

/** The same of one that is moved unread: where it was never read to lead to ours, somebody's writes may be. */
export function givingUpUnread(run: FailoverRun, seen: Sight, { name, at, to }: Move): FailoverRun {
  if (leadOf(run, seen, at).is !== "unread") return run;
  const ledAt = counts(run.ledAt, seen.now) && thirdWriter(run, seen) === null ? run.ledAt : null;
  const since = ledAt === null ? "" : `; at ${new Date(ledAt).toISOString()} it led to one of this group`;
  const lost = `where ${nameText(name)} led could not be read: what whoever it led to took, if anything, ${to} never got`;
  const of = ledAt === null ? givingUp(run, lost, isUnread) : run;
  return noted(of, `Where ${nameText(name)} led could not be read, and it was moved${since}.`);
}

function givingUp(run: FailoverRun, lost: string, veto: string = leadsAway): FailoverRun {
  const kept = run.loss !== null && saysThatItTook(run.loss, run.oldPrimary ?? run.input.database);
  const overridden = [...new Set([...run.overridden, veto])];
  return { ...run, loss: kept ? run.loss : moreThan(run.loss, lost), overridden };
}

/** Somebody led the clients to one that is neither, and it takes their writes, or may: those the new writer never got. */
function served(run: FailoverRun, { name, to }: Move, { who, takes }: Extract<Lead, { is: "served" }>): Turn {
  return stays(
    run,
    name,
    to,
    `${who}, which ${takes} writes and which this failover did not leave. ${forPeople(who, to)}`,
  );
}

/** It led to one of the group at the check: RDS does not show here whom people promoted by hand since. */
function away(
  run: FailoverRun,
  { name, to }: Move,
  { who, was }: { readonly who: string; readonly was: boolean },
): Turn {
  const is = was
    ? `the name of ${run.oldPrimary}, which people renamed or deleted since: nobody of this group has it. Whoever has it by now, if anybody, may have clients`
    : `which is none of this group and which this failover did not leave. ${forPeople(who, to)}`;
  return stays(run, name, to, `${who}, ${is}`);
}

function forPeople(who: string, to: string): string {
  return `Which of the two goes on is for people to say: what ${who} took ${to} has not`;
}

function stays(run: FailoverRun, name: NameRef, to: string, leads: string): Turn {
  return end(run, {
    status: "failed",
    says: `${to} takes writes, and ${nameText(name)} was not moved to it: it leads to ${leads}. The command below moves it to ${to}.${carriedText(run)}`,
    nextCommand: redriveForced(run, leadsAway),
  });
}
