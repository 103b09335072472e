import type { CauseId } from "../../contract/cause-ids.ts";
import type { Severity } from "../../contract/finding.ts";
import { explainsPressure } from "../../facts/capacity.ts";
import { type SecondBest, secondBestOf } from "../../facts/second-best.ts";
import { secondBestText } from "../../facts/second-best-text.ts";
import { isMany, severityOfBlocking } from "../../facts/severity.ts";
import type { View } from "../../facts/view.ts";
import { statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

type LockCause = Extract<
  CauseId,
  "ddl-lock-queue" | "blocked-by-idle-transaction" | "blocked-by-running-query"
>;

/**
 * Who waits where the locks themselves could not be seen. It names the likely holder for a person and proposes
 * nothing: nobody is ended for what was not seen. Not where sessions are hidden, too: then nothing can be judged.
 */
export function secondBestDrafts(view: View, id: LockCause): readonly FindingDraft[] {
  const second = view.sessions === null ? null : secondBestOf(view);
  if (second === null || second.first === null || causeOf(second) !== id) return [];
  const { waiters, longestWaitSeconds } = second;
  const lasting = (longestWaitSeconds ?? 0) >= view.thresholds.slowQuerySeconds;
  const maxConnections = view.server?.maxConnections ?? null;
  if (!lasting && waiters < 2) return [];
  const statement = statementText(second.first.query);
  return [
    {
      subject: "second-best",
      severity: lasting ? severityOf(view, second) : isMany(waiters, maxConnections) ? "P2" : "P3",
      confidence: lasting ? 0.6 : 0.3,
      summary: `${secondBestText(second, view.evidence.target.engine)} (second best, by ${second.by}: the locks themselves could not be seen)`,
      evidence: [
        ...(statement === null ? [] : [{ source: second.source, says: `first in line: ${statement}` }]),
        ...(second.likelyHolder === null
          ? []
          : [
              {
                source: second.source,
                says: "the likely holder has had a transaction or a statement open since before the first began to wait; that it holds this lock was not seen",
              },
            ]),
      ],
      explains: [
        { cause: "long-running-query", subject: "behind:unknown", because: "they wait for a lock" },
        ...(second.likelyHolder === null || second.isQueue || !lasting ? [] : [sameWaits]),
        ...explainsPressure(view, waiters, waiters),
      ],
      actions: [],
    },
  ];
}

/** By Performance Insights, which tells nobody who holds. */
const sameWaits = {
  cause: "hot-row-contention",
  subject: "insights",
  because: "they are the same waits, and a likely holder is seen",
} as const;

function causeOf({ isQueue, likelyHolder }: SecondBest): LockCause {
  if (isQueue) return "ddl-lock-queue";
  return likelyHolder === null || likelyHolder.state === "active"
    ? "blocked-by-running-query"
    : "blocked-by-idle-transaction";
}

function severityOf(view: View, { waiters }: SecondBest): Severity {
  return severityOfBlocking({
    blocked: waiters,
    maxConnections: view.server?.maxConnections ?? null,
  });
}
