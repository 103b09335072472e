import type { Session } from "../../contract/session.ts";
import { type Blocker, type Blocking, blockingOf } from "../../facts/blocking.ts";
import { handOverOf } from "../../facts/hand-over.ts";
import type { View } from "../../facts/view.ts";
import { reliefOf } from "../../remedies/blocker-relief.ts";
import { endSession } from "../../remedies/remedies.ts";
import { untouchableBecause } from "../../remedies/untouchable.ts";
import { endingText } from "../../text/ending-text.ts";
import { idleText } from "../../text/idle-text.ts";
import { describeSession, inWholeSeconds } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { blockerDraft } from "./blocker-draft.ts";
import { loggedHolderDrafts } from "./logged-holder-draft.ts";
import { secondBestDrafts } from "./second-best-draft.ts";

export const blockedByIdleTransaction = defineRule({
  id: "blocked-by-idle-transaction",
  spec: ["D4", "D8"],
  category: "locks",
  title: "A transaction that does nothing holds locks that others wait for",
  needs: ["postgres-blocking", "mysql-row-locks", "mariadb-row-locks", "mysql-metadata-locks"],
  evaluate: (view) => {
    const blocking = blockingOf(view);
    return [
      ...blocking.blockers.flatMap((blocker) => draftOf(view, blocking, blocker)),
      ...secondBestDrafts(view, "blocked-by-idle-transaction"),
      ...loggedHolderDrafts(view, "idle"),
    ];
  },
});

function draftOf(view: View, blocking: Blocking, blocker: Blocker): readonly FindingDraft[] {
  const { kind, session } = blocker;
  if (kind !== "idle" || session === null) return [];
  const protectedBy = untouchableBecause(session, view.policy);
  const ending = endingText(session);
  if (wasBetweenTwo(view, blocker, session) || hasItsTurn(view, blocking, blocker)) return [];
  const doing = ending === null ? idleText(session, view.thresholds.slowQuerySeconds) : `that ${ending}`;
  const who = `1 session ${doing} (${describeSession(session, view.evidence.target.engine)})`;
  const relief = reliefOf(view, blocker, ["a cancel would do nothing: no statement is running"]);
  return [
    blockerDraft(view, blocking, blocker, {
      who,
      confidence: 0.95,
      notes: [
        `transaction open for ${inWholeSeconds(session.transactionSeconds)}`,
        ...(protectedBy === null
          ? []
          : [
              `not touched: ${protectedBy}${ending === null ? "; its application or owner has to finish the transaction" : ""}`,
            ]),
      ],
      ...(protectedBy === null ? { toEnd } : {}),
      explains: [
        { cause: "idle-in-transaction-pileup", because: "it is one of the sessions idle in transaction" },
      ],
      actions: endSession(view, session, relief),
    }),
  ];
}

/** Nobody idled: it was between two statements, or lost a deadlock and rolled back, and a moment later that was over. */
function wasBetweenTwo(view: View, blocker: Blocker, session: Session): boolean {
  if (blocker.standing !== "over") return false;
  const short = (seconds: number | null): boolean => (seconds ?? 0) < view.thresholds.slowQuerySeconds;
  const brief = short(session.stateSeconds) && short(blocker.longestWaitSeconds);
  return session.ending === "rolling-back" || brief;
}

/** Between two statements of its turn at what others take turns on: the queue is told as the hot row's, with whom it has. */
function hasItsTurn(view: View, { graph }: Blocking, { standing, session, member }: Blocker): boolean {
  if (standing !== "handed-along" || session?.stateSeconds == null) return false;
  return session.stateSeconds < view.thresholds.slowQuerySeconds && handOverOf(view, graph, member) !== null;
}

const toEnd =
  "it runs no statement, so a cancel does nothing; its session has to end, or its application to finish";
