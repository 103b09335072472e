import type { FailoverRun } from "../contract/failover.ts";
import { nameText } from "./commands.ts";
import { leadOf, leadTexts, thirdWriter } from "./lead.ts";
import { needsFence } from "./methods.ts";
import { isUnread, leadsAway, overriddenText } from "./not-moved.ts";
import { oldNode } from "./old-node.ts";
import { isGone } from "./primary-state.ts";
import { lookAgainMs, noted, over, type Sight, type Turn, wait } from "./turn.ts";
import type { Standing } from "./vetoes/veto.ts";

/**
 * A phase that goes by where the names lead, and came in a look that asked none of them, waits for one of its own: whoever
 * drives it in place leaves several phases in one look. Before the first is moved an old primary that could not be asked is
 * asked again for a while. Null: it was, or there are none.
 */
export function namesUnasked(run: FailoverRun, seen: Sight): Turn | null {
  const { names, now } = seen;
  if (!needsFence(run.method) || run.names.length === 0) return null;
  if (names.length === 0) return { wait: "where the names lead is looked at", until: now, run };
  // A single lost answer is no veto, whatever stands beside it.
  if (run.phase === "check" && !over(run, seen, lookAgainMs)) {
    const [says] = leadTexts(run, seen, "unread");
    if (says !== undefined) return wait(run, seen, `${says}; it is read again`);
  }
  const moving = run.phase === "repoint" && run.sent["point:0"] === undefined;
  if (!moving || over(run, seen, lookAgainMs)) return null;
  const old = oldNode(run, seen.topology);
  return old !== null && old.look === null && !isGone(old)
    ? wait(run, seen, `${old.id} could not be asked whether it takes writes, and is asked again`)
    : null;
}

/** Before the call: whoever is fenced and promoted by it is not where the clients are. */
export function nameElsewhere(run: FailoverRun, seen: Sight): readonly Standing[] {
  if (!needsFence(run.method)) return [];
  return seen.names.flatMap(({ ref }, at) => {
    const lead = leadOf(run, seen, at);
    const third = lead.is === "unread" ? thirdWriter(run, seen) : null;
    if (third !== null) return [unread(nameText(ref), third)];
    if (lead.is !== "served") return [];
    const says = `${nameText(ref)} leads to ${lead.who}, which ${lead.takes} writes, and ${run.oldPrimary} is what would be left`;
    const release = `Say which of the two goes on: point the name to ${run.oldPrimary}, or keep ${lead.who}.`;
    return [{ name: "name-elsewhere", says, release, overridable: false }];
  });
}

function unread(name: string, third: string): Standing {
  const says = `where ${name} leads could not be seen, and ${third} takes writes, which would not be left`;
  const release = `Start it again when it can be read, or keep clients off ${third}.`;
  return { name: "name-elsewhere", says, release, overridable: false };
}

/** What is overridden is agreed to in view of it: where the names lead stands on the card and in the end. */
export function notedLeads(run: FailoverRun, seen: Sight, lifted: readonly string[]): FailoverRun {
  const texts = seen.names.flatMap(({ ref }, at) => {
    const lead = leadOf(run, seen, at);
    const veto = lead.is === "unread" ? isUnread : leadsAway;
    const stood = lead.is === "unread" || lead.is === "stranger" || lead.is === "unsure";
    return stood && lifted.includes(veto) ? overriddenText(ref, lead) : [];
  });
  return texts.reduce((of, says) => noted(of, says), run);
}
