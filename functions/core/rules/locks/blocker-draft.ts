import type { Explanation } from "../../contract/explanation.ts";
import type { ProposedAction, Severity } from "../../contract/finding.ts";
import { holdsUpApplier } from "../../facts/applier.ts";
import { type Blocker, type Blocking, behindSubject, isCrowd, mostWanted } from "../../facts/blocking.ts";
import { explainsPressure } from "../../facts/capacity.ts";
import { emptiedTableText } from "../../facts/emptied-table.ts";
import { handOverOf } from "../../facts/hand-over.ts";
import { type LockMember, subtree } from "../../facts/lock-graph.ts";
import { lockSource } from "../../facts/lock-source.ts";
import { areRequests, keepsOnlyPatientOnes } from "../../facts/patient-waits.ts";
import { clientAndStatement } from "../../facts/same-client.ts";
import { severityOfBlocking } from "../../facts/severity.ts";
import { atWork } from "../../facts/standing.ts";
import type { View } from "../../facts/view.ts";
import { waitingStatement } from "../../facts/waiting-statement.ts";
import { compare } from "../../text/compare.ts";
import { inWholeSeconds, list, lockObject, plural, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

export interface BlockerStory {
  /** Subject of the sentence: "1 session idle in transaction for 4 min 12 s (app checkout, pid 8123)". */
  readonly who: string;
  readonly confidence: number;
  readonly notes: readonly string[];
  /** What has to end, said only where ending it would change anything. */
  readonly toEnd?: string;
  readonly explains: readonly Explanation[];
  readonly actions: readonly ProposedAction[];
}

/** What every blocked-by finding has in common: impact, what it explains, and when not to act. */
export function blockerDraft(
  view: View,
  blocking: Blocking,
  blocker: Blocker,
  story: BlockerStory,
): FindingDraft {
  const { member, blocked, longestWaitSeconds, waitIsBound } = blocker;
  const alike = alikeBehind(blocking, blocker);
  const waiting = subtree(blocking.graph, member.key);
  const sessions = waiting.flatMap(({ session }) => session ?? []);
  const requests = areRequests(view, member.session, sessions);
  const patient = keepsOnlyPatientOnes(blocking.graph, member) && !requests;
  const lasting = blocker.standing === "lasting";
  const working = lasting ? workingText(view, blocking, blocker) : null;
  const actable = lasting && working === null && !blocker.harmlessAlone && isShown(patient, blocker);
  return {
    subject: member.key,
    severity: patient ? "P3" : severityOf(view, blocking, blocker),
    confidence: lasting ? story.confidence * (working === null ? 1 : 0.75) : story.confidence / 2,
    summary: `${story.who} blocks ${plural(blocked, "session")}${on(blocking, member)}; longest wait ${inWholeSeconds(longestWaitSeconds)}${waitIsBound ? " at most" : ""}${alikeText(alike)}${patient ? patientRemark(blocker) : remark(blocker, requests)}`,
    evidence: [
      ...holdsText(member),
      ...story.notes,
      ...(lasting && working === null && story.toEnd !== undefined ? [story.toEnd] : []),
      ...(working === null ? [] : [working]),
      ...waitersText(waiting),
      ...wantedText(blocking, member),
    ].map((says) => ({ source: lockSource(view), says })),
    explains: [
      { cause: "long-running-query", subject: behindSubject(member), because: "they wait for its locks" },
      ...explainsPressure(
        view,
        blocker.harmlessAlone ? blocked : blocker.beyondQueues,
        blocking.graph.waiters,
      ),
      ...holdsUpApplier(view, blocking.graph, member),
      ...alike.flatMap(explainsAlike),
      ...story.explains,
    ],
    actions: actable ? story.actions : [],
  };
}

/** Several standbys may also be workers that stand still because one forgot to unlock: a person sees how to end it. */
function isShown(patient: boolean, { onPurpose, blocked }: Blocker): boolean {
  return !patient || (onPurpose && blocked > 1);
}

/** Null too of what is kept on purpose, and of an explicit lock, however young. */
function workingText(view: View, { graph }: Blocking, blocker: Blocker): string | null {
  const explicit = blocker.member.holds.some((hold) => hold.explicit);
  return blocker.onPurpose || explicit ? null : atWork(view, graph, blocker);
}

/**
 * One client that leaves many sessions the same way is one cause: the one that blocks most stands for the others, whose
 * findings keep their own proofs and remedies.
 */
function alikeBehind(
  { blockers }: Blocking,
  { kind, standing, session, member }: Blocker,
): readonly Blocker[] {
  const client = session === null ? null : clientAndStatement(session);
  if (client === null) return [];
  const alike = blockers
    .filter((other) => other.kind === kind && other.standing === standing)
    .filter((other) => other.session !== null && clientAndStatement(other.session) === client)
    .toSorted((a, b) => b.blocked - a.blocked || compare(a.member.key, b.member.key));
  return alike[0]?.member.key === member.key ? alike.slice(1) : [];
}

function alikeText(alike: readonly Blocker[]): string {
  if (alike.length === 0) return "";
  const blocked = alike.reduce((sum, other) => sum + other.blocked, 0);
  return `; ${plural(alike.length, "more session", "more sessions")} of the same client ${alike.length === 1 ? "does" : "do"} the same and ${alike.length === 1 ? "blocks" : "block"} ${blocked}`;
}

const blockedBy = ["blocked-by-idle-transaction", "blocked-by-running-query", "explicit-lock-held"] as const;

function explainsAlike({ member: { key: subject } }: Blocker): FindingDraft["explains"] {
  const because = "the same statement of the same client left it so";
  return blockedBy.map((cause) => ({ cause, subject, because }));
}

function severityOf(view: View, { graph }: Blocking, blocker: Blocker): Severity {
  if (blocker.standing === "over") return "P3";
  if (blocker.standing === "fleeting") return isCrowd(blocker, view) ? "P2" : "P3";
  if (blocker.harmlessAlone) return "P3";
  // The queue is told as the hot row's, with its severity: whoever has it just now does no harm of its own.
  if (blocker.standing === "handed-along" && handOverOf(view, graph, blocker.member) !== null) return "P3";
  return severityOfBlocking({
    blocked: blocker.beyondQueues,
    maxConnections: view.server?.maxConnections ?? null,
  });
}

function patientRemark({ onPurpose }: Blocker): string {
  return onPurpose
    ? "; such a lock is waited for on purpose, by the standby of a leader or the next run of a job, and nobody else waits"
    : "; that is an index build or its like, which waits for older transactions and holds nobody up";
}

function on({ graph }: Blocking, member: LockMember): string {
  const wanted = mostWanted(graph, member);
  if (wanted === null) return "";
  const others = wanted.others === 0 ? "" : ` and ${plural(wanted.others, "other object")}`;
  return ` on ${lockObject(wanted.wait)}${others}`;
}

function remark(blocker: Blocker, requests: boolean): string {
  switch (blocker.standing) {
    case "fleeting":
      return "; it has only just begun";
    case "over":
      return "; a moment later it had let go by itself";
    case "handed-along":
      return "; others had the lock before it: it goes from hand to hand (a hot row), and ending this one session changes nothing";
    case "lasting":
      if (blocker.harmlessAlone)
        return `; they queue behind a waiting lock request${blocker.queues.some(({ underItsLocks }) => underItsLocks !== null) ? ", or want what it has locked already" : ""}, not behind this session alone`;
      if (blocker.onPurpose && requests)
        return "; such a lock is made to be waited for, and so many of one user are its requests, which stand still";
      if (blocker.onPurpose) return "; they stand by for a lock that is waited for on purpose";
      return blocker.freesAlone === 0 && blocker.holders > 1
        ? `; it is one of ${blocker.holders} that hold this lock, and ending one of them frees nobody`
        : "";
    default:
      return blocker.standing satisfies never;
  }
}

const shown = 3;

function holdsText(member: LockMember): readonly string[] {
  const holds = member.holds.slice(0, shown).map((lock) => `${lock.mode} of ${lockObject(lock)}`);
  const query = statementText(member.session?.query ?? null);
  const idle = member.session !== null && member.session.state !== "active";
  const emptied = emptiedTableText(member);
  return [
    ...(holds.length === 0 ? [] : [`holds ${list(holds)}`]),
    ...(emptied === null ? [] : [emptied]),
    ...(query === null ? [] : [`${idle ? "last statement" : "statement"}: ${query}`]),
  ];
}

/** The number of a transaction tells nobody what is stuck, as for a key that two insert: the waiting statement does. */
function wantedText({ graph }: Blocking, member: LockMember): readonly string[] {
  if (!/^transaction \d+$/.test(mostWanted(graph, member)?.wait.object ?? "")) return [];
  const statement = waitingStatement(graph, member);
  return statement === null ? [] : [`they wait to do: ${statement}`];
}

/** Whose sessions wait, most first. */
export function waitersText(waiters: readonly LockMember[]): readonly string[] {
  if (waiters.length === 0) return [];
  const byName = Map.groupBy(
    waiters,
    ({ session }) => session?.application ?? session?.user ?? "unknown application",
  );
  const names = [...byName]
    .toSorted(([a, first], [b, second]) => second.length - first.length || compare(a, b))
    .map(([name, sessions]) => `${name} ${sessions.length}`);
  const rest = names.length > shown ? `, ${plural(names.length - shown, "other")}` : "";
  return [`waiting: ${names.slice(0, shown).join(", ")}${rest}`];
}
