import type { Explanation } from "../contract/explanation.ts";
import type { Session } from "../contract/session.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { type Blocker, behindSubject, blockingOf } from "./blocking.ts";
import { locksWhatItReads, mysqlNeeds } from "./mysql-index-need.ts";
import { sessionsRunning } from "./sessions-running.ts";
import type { Statement } from "./statements.ts";
import { waitsForLocks } from "./strain.ts";
import type { View } from "./view.ts";

/** What a change that reads a table whole does to others: it holds every row that it has passed. */
export function lockingScanHarm(view: View, statement: Statement): string | null {
  if (view.evidence.target.engine === "postgres" || !locksWhatItReads(statement)) return null;
  if (!waitsForLocks(view, statement)) return null;
  const running = sessionsRunning(view, statement.query).length;
  return `it locks every row that it reads, so that the ${running} sessions that run it stand in line`;
}

/** Who holds rows others wait for only because its statement, one of these, finds its own without an index. */
export function explainsScanLocks(view: View, statement: Statement, table: string): readonly Explanation[] {
  if (view.evidence.target.engine === "postgres" || !locksWhatItReads(statement)) return [];
  const because = `it locks every row of ${table} on the way to its own`;
  return blockersRunning(view, statement).flatMap(({ member }) => [
    ...(["hot-row-contention", "blocked-by-running-query"] as const).map((cause) => ({
      cause,
      subject: member.key,
      because,
    })),
    { cause: "long-running-query" as const, subject: behindSubject(member), because },
  ]);
}

function blockersRunning(view: View, { query }: Statement): readonly Blocker[] {
  const wanted = fingerprint(query);
  return blockingOf(view).blockers.filter(
    ({ kind, session }) => kind === "running" && fingerprint(session?.query ?? null) === wanted,
  );
}

/** The table that this session locks whole by what it runs; null when it does not, or it is not known. */
export function tableLockedWhole(view: View, session: Session | null): string | null {
  const wanted = session?.state === "active" ? fingerprint(session.query) : null;
  if (wanted === null || view.evidence.target.engine === "postgres") return null;
  const need = mysqlNeeds(view).find(({ wantedBy }) =>
    wantedBy.some((statement) => locksWhatItReads(statement) && fingerprint(statement.query) === wanted),
  );
  return need?.table ?? null;
}
