import { explainsPressure } from "../../facts/capacity.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import { settingsOf } from "../../facts/settings-facts.ts";
import { isMany } from "../../facts/severity.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, type WaitLoad, waitLoad } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { postgresRelationLocksRows } from "../../probes/postgres/relation-locks-rows.ts";
import { majorOf } from "../../remedies/run-as.ts";
import { plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

const fewestSessions = 2;
const leastPercent = 25;

/**
 * Sessions that wait for nobody's lock, but for a turn at the table of locks: each statement takes more locks than its
 * session has fast-path slots for, on partitions and indexes that it does not need.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/apg-waits.lw-lock-manager.html
 */
export const lockManagerContention = defineRule({
  id: "lock-manager-contention",
  spec: ["D4", "P6"],
  category: "locks",
  title: "Sessions queue for the lock manager, not for a lock",
  needs: ["postgres-wait-profile", "postgres-relation-locks"],
  evaluate: (view) => {
    const load = waitLoad(view, waitNames.lockManager);
    if (load === null || load.averageSessions < fewestSessions || load.percent < leastPercent) return [];
    return [draftOf(view, load)];
  },
});

function draftOf(view: View, load: WaitLoad): FindingDraft {
  const sessions = Math.round(load.averageSessions);
  const because = "they wait for the lock manager, and spin while they do";
  return {
    subject: "",
    severity: load.asEver ? "P3" : isMany(sessions, view.server?.maxConnections ?? null) ? "P1" : "P2",
    confidence: fromOutside(view, 0.9),
    summary: `${rounded(load.averageSessions)} sessions at a time (${percentText(load.percent)} of those at work) wait for the lock manager, for nobody's lock${load.query === null ? "" : `, most of them with ${load.query}`}${asEverText(load)}`,
    evidence: [
      {
        source: load.source,
        says: "LWLock:LockManager: a statement takes more locks than fit its session's own slots",
      },
      ...crowdText(view),
      { source: "engine", says: adviceText(view) },
    ],
    explains: [
      { cause: "cpu-saturated", because },
      { cause: "instance-undersized", because },
      { cause: "long-running-query", because },
      ...explainsPressure(view, sessions, sessions),
    ],
    actions: [],
  };
}

function crowdText(view: View): FindingDraft["evidence"] {
  return (view.rows(postgresRelationLocksRows) ?? []).slice(0, 3).map((row) => ({
    source: postgresRelationLocksRows.id,
    says: `${row.table}: one statement locks up to ${row.mostPerSession} relations (${plural(row.tables, "table")} and ${plural(row.indexes, "index", "indexes")} in ${plural(row.sessions, "session")}), ${row.throughLockTable} locks went through the shared table`,
  }));
}

/**
 * 16 slots up to 17; from 18 on as many as max_locks_per_transaction, rounded up.
 * https://www.postgresql.org/docs/18/runtime-config-locks.html
 */
function adviceText(view: View): string {
  const major = majorOf(view);
  const now = settingsOf(view)?.value("max_locks_per_transaction") ?? null;
  const slots =
    major === null || major < 18
      ? "a session has 16 slots of its own up to PostgreSQL 17; from 18 on max_locks_per_transaction sets them"
      : `a session has as many slots as max_locks_per_transaction${now === null ? "" : ` (${now})`}: more of them take a restart`;
  return `what helps is fewer locks a statement: the partition key in its condition, so that partitions are pruned; fewer and larger partitions; no indexes that nobody uses; then fewer sessions at once (a pooler); ${slots}. To end sessions only brings their next statements`;
}
