import type { FailoverRun, Phase } from "../contract/failover.ts";
import { askingForLoss, limited, lossAsked, withGranted } from "./accepted-loss.ts";
import { agreementMs } from "./agreement-time.ts";
import { type Choice, choose } from "./choose.ts";
import { again } from "./commands.ts";
import { asksToGiveUp, cardOf } from "./force-asked.ts";
import { inputNow } from "./force-of.ts";
import { heldBy, stuck } from "./held.ts";
import { leadTexts } from "./lead.ts";
import { approvalMessage } from "./messages.ts";
import { needsFence, showsAfterAll } from "./methods.ts";
import { nameElsewhere, namesUnasked, notedLeads } from "./name-elsewhere.ts";
import { once } from "./once.ts";
import { stamped } from "./times.ts";
import {
  doorMayBeShut,
  end,
  fenceStands,
  lookAgainMs,
  mayHaveHappened,
  over,
  type Seen,
  type Sight,
  stop,
  type Turn,
  wait,
} from "./turn.ts";
import { lifts, standing } from "./vetoes/standing.ts";
import { factsOf, type Standing } from "./vetoes/veto.ts";

type Chosen = Exclude<Choice, { readonly method: null }>;

export function chooseMethod(run: FailoverRun, seen: Sight): Turn {
  const choice = choose(seen.topology, inputNow(run), seen.situation);
  if (choice.method === null) {
    return stop(run, { status: "held", says: choice.says, nextCommand: choice.nextCommand });
  }
  const { method } = choice;
  return { go: "check", run: { ...run, method, candidate: fittest(run, seen, choice, "all") } };
}

/** Another one where the one that was chosen is gone and nothing was sent to it; null: there is none. */
export function replacement(run: FailoverRun, seen: Sight): string | null {
  const choice = choose(seen.topology, { ...run.input, force: true }, seen.situation);
  if (choice.method === null || run.input.candidate !== undefined) return null;
  const other = fittest(run, seen, choice, "lasting");
  if (other === null || other === run.candidate) return null;
  const against = (which: "all" | "lasting") => judge({ ...run, candidate: other }, seen, which).held;
  // How far it lags was checked of the one before it, and matters until the fenced primary has said where it ended.
  const lags = run.goal === null && against("all").some(({ name }) => name.startsWith("candidate-lag"));
  return lags || against("lasting").length > 0 ? null : other;
}

/** The best of those against whom least stands: one that is held by a veto helps nobody while another could be promoted. */
function fittest(run: FailoverRun, seen: Sight, choice: Chosen, which: "all" | "lasting"): string | null {
  const { candidate, method, ranked } = choice;
  if (candidate === null || run.input.candidate !== undefined) return candidate;
  const against = (id: string) => judge({ ...run, method, candidate: id }, seen, which).held.length;
  const judged = ranked.map(({ id }) => ({ id, against: against(id) }));
  return judged.toSorted((a, b) => a.against - b.against)[0]?.id ?? candidate;
}

export function check(run: FailoverRun, seen: Sight): Turn {
  if (showsAfterAll(run, seen)) return { go: "wait", run };
  const unasked = namesUnasked(run, seen);
  if (unasked !== null) return unasked;
  const { held, overridden } = judge(run, seen, "all");
  const unseen = held.length > 0 && held.every(({ name, says }) => isUnseen(name, says));
  if (unseen && !over(run, seen, lookAgainMs)) {
    return wait(run, seen, `${held.map(({ name }) => name).join(", ")} stands: looked at again`);
  }
  const asking = askingForLoss({ ...run, overridden }, seen, held);
  if (asking !== null && run.input.dryRun) return end(asking, wouldAsk(asking));
  if (asking !== null) return { go: "approve", run: asking };
  if (held.length > 0) return stop(run, heldBy(run, held), stuck(run, held) !== null);
  if (agreedTooLongAgo(run, seen)) {
    const says = "What a person agreed to is too long ago. Nothing was promoted.";
    return stop(run, { status: "held", says, nextCommand: again(run) });
  }
  const passed = { ...notedLeads(run, seen, overridden), overridden, checkedAt: seen.now };
  if (run.input.dryRun) {
    return end(passed, {
      status: "dry-run",
      says: `Every check passed${overridden.length > 0 ? ` or is overridden (${overridden.join(", ")})` : ""}. Nothing was done.`,
      nextCommand: again(run, overridden),
    });
  }
  return { go: run.times.approved === null ? "approve" : afterApproval(run), run: passed };
}

/** Of a dry run: what of the real one a person would have to agree to. */
function wouldAsk(run: FailoverRun) {
  const says = `Every other check passed, and a card would ask for this:${lossAsked(run)} Nothing was done.`;
  return { status: "dry-run" as const, says, nextCommand: again(run, run.overridden) };
}

/** One answer that was lost is no reason to stop at the worst moment; what was seen and says no is one at once. */
export function isUnseen(name: string, says: string): boolean {
  return (
    ["candidate-lag-unknown", "primary-state-unknown", "candidate-unreachable"].includes(name) ||
    says.includes("could not be seen")
  );
}

/** The world has moved on while a person thought: everything is checked once more after the click. */
export function approve(run: FailoverRun, seen: Sight): Turn {
  const givesUp = asksToGiveUp(run, seen);
  if (givesUp === null && showsAfterAll(run, seen)) return { go: "wait", run };
  if (run.approved && run.accepts?.granted !== false)
    return { go: afterApproval(run), run: stamped(run, "approved", run.saidAt ?? run.startedAt) };
  const { key, approval, asking, ends } = cardOf(run, seen, givesUp);
  if (approval?.is === "granted") return { go: "check", run: withGranted(run, approval.by, approval.at) };
  if (approval?.is === "declined" || approval?.is === "expired" || over(run, seen, agreementMs)) {
    const says = approval?.is === "declined" ? `${approval.by} declined it` : "Nobody approved it in time";
    return ends(says, "held", again(run));
  }
  const message = approvalMessage(run, seen.topology, givesUp);
  const options = { shown: approval !== null, settleMs: 30_000, tries: 5, repeatable: true };
  const asked = once(asking, seen, key, { kind: "ask", message }, options);
  if (asked.is === "turn") return asked.turn;
  if (asked.is === "shown") return wait(run, seen, "a person is asked");
  return ends(`Nobody could be asked (${asked.says})`, "failed", `${again(run)} --yes`);
}

/** An execution that died behind the click is taken up minutes later. Who started it himself agreed to all of it. */
function agreedTooLongAgo({ approved, accepts, times }: FailoverRun, { now }: Seen): boolean {
  return (!approved || accepts !== null) && times.approved !== null && now - times.approved >= agreementMs;
}

function afterApproval({ method }: FailoverRun): Phase {
  return needsFence(method) ? "fence" : "execute";
}

export interface Judged {
  readonly held: readonly Standing[];
  readonly overridden: string[];
}

export function judge(run: FailoverRun, seen: Sight, which: "all" | "lasting"): Judged {
  const { method, candidate, oldPrimary } = run;
  const input = limited(run);
  if (method === null) return { held: [], overridden: [] };
  const strangers = leadTexts(run, seen, "stranger");
  const about = { ownFence: doorMayBeShut(run), strangers, unread: leadTexts(run, seen, "unread") };
  const chosen = { method, candidate, primary: oldPrimary, ...about };
  const facts = factsOf(seen.topology, input, seen.situation, chosen, seen.now);
  // Behind the fence of this very run its primary is down by that, and behind its call was moved by it.
  const own = ["planned-but-down", ...(isOwn(run, seen) ? ["failed-over-lately"] : [])];
  const past = mayHaveHappened(run, "execute") || fenceStands(run) ? own : own.slice(1);
  const stands = standing(facts, which).filter(({ name }) => !past.includes(name));
  const { primary } = seen.topology;
  const moved = !needsFence(method) && primary !== null && oldPrimary !== null && primary !== oldPrimary;
  const elsewhere = moved ? [writerMoved(oldPrimary, primary)] : [];
  const lifted = stands.filter(({ name }) => lifts(input, name)).map(({ name }) => name);
  return {
    held: [...elsewhere, ...nameElsewhere(run, seen), ...stands.filter(({ name }) => !lifts(input, name))],
    overridden: [...new Set([...run.overridden, ...lifted])],
  };
}

/** All the other vetoes are about the one that was the writer: of this one nothing is known to be wrong. */
function writerMoved(from: string, to: string): Standing {
  const says = `${to} is the writer by now, and ${from}, which was to be left, is not`;
  return { name: "writer-moved", says, release: `Look at ${to}, and start anew.`, overridable: false };
}

/** From a call to what our own record says of it. */
const ownCallMs = 5000;

/** The call of this very run, refused or without an answer before somebody redrove it. */
function isOwn({ times, sent }: FailoverRun, { topology }: Sight): boolean {
  const last = Date.parse(topology.lastFailoverAt ?? "");
  const at = sent["execute"]?.at ?? times.sent;
  return at !== null && last >= at && last <= at + ownCallMs;
}
