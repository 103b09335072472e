import * as z from "zod";
import { sessionTargetSchema } from "../actions/signals/session-target.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { NeverAlone, NeverAloneKind } from "../contract/proof.ts";
import { isMaintenanceStatement } from "../text/statement-kind.ts";
import { waitKindOf } from "../text/wait-kind.ts";

/**
 * What is never done without a person, and why. One table for every rule, remedy and engine: whatever a finding is
 * sure of, the gate asks it once more.
 */
const because: Readonly<Record<NeverAloneKind, string>> = {
  // https://www.postgresql.org/docs/current/sql-createindex.html: "an invalid index" is left where a build was ended.
  "maintenance-statement":
    "it is maintenance that somebody started (VACUUM, ANALYZE, REINDEX, an index built or a partition detached CONCURRENTLY, or their like): ended half-way it is to be done again, and can leave an invalid index or a half-detached partition behind",
  // https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION
  "commit-awaits-replica":
    "it has committed and waits for its replica: ending it undoes nothing, and leaves a row that the next failover loses",
  "slow-client": "it waits for its client to take or send data: the wait is not the database's to end",
  "pausing-on-purpose": "it sleeps because it was told to, and uses nothing meanwhile",
  "buffer-pin-wait": "it waits for a page that another session keeps pinned: that one is the cause",
  "extension-wait":
    "it waits in an extension, as a rule for another server (postgres_fdw, dblink): what keeps it is there",
  "advisory-lock":
    "its lock is advisory: whether its holder is a leader, a job at work or somebody who forgot is known to the application alone",
  // https://dev.mysql.com/doc/refman/8.4/en/flush.html#flush-tables-with-read-lock
  "explicit-lock":
    "its lock was asked for by name (LOCK TABLES, FLUSH TABLES WITH READ LOCK, BACKUP STAGE): a backup or a job at work may stand on it, and is worthless without it",
  "holder-of-the-moment":
    "the lock goes from hand to hand: who has it now had no part in the wait, and another has it next",
  "wait-not-its-own": "it waits itself, for what another does",
};

export function neverAloneBecause(kind: NeverAloneKind): NeverAlone {
  return { kind, says: because[kind] };
}

const seenSchema = sessionTargetSchema.pick({ query: true, state: true, waitEvent: true });
type Seen = z.infer<typeof seenSchema>;

/** What the target's own statement and wait say; null when nothing speaks against acting alone. */
export function neverAloneTarget({ query, state, waitEvent }: Seen): NeverAlone | null {
  // The statement of an idle session is its last one, and no wait.
  if (state !== "active") return null;
  const kind = isMaintenanceStatement(query) ? "maintenance-statement" : waitKindOf(waitEvent);
  return kind === null ? null : neverAloneBecause(kind);
}

/** By what the finding said of it, else by what its target shows. */
export function neverAloneOf({ neverAlone, input }: ProposedAction): NeverAlone | null {
  if (neverAlone !== undefined) return neverAlone;
  const seen = z.safeParse(seenSchema, input);
  return seen.success ? neverAloneTarget(seen.data) : null;
}
