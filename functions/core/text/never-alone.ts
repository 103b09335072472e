import type { NeverAlone, NeverAloneKind } from "../contract/proof.ts";
import type { Session } from "../contract/session.ts";
import { isMaintenanceStatement } from "./statement-kind.ts";
import { statementParts } from "./statement-parts.ts";
import { waitKindOf } from "./wait-kind.ts";
import { worksElsewhere } from "./works-elsewhere.ts";

/**
 * What is never done without a person, and why. One table for every rule, remedy and engine: whatever a finding is
 * sure of, the gate asks it once more, and the guards ask the server's last word.
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
    "its lock was asked for by name (LOCK TABLE, FLUSH TABLES WITH READ LOCK, BACKUP STAGE), or is a whole table's: a backup, a schema change or a job at work may stand on it, and is worthless without it",
  "holder-of-the-moment":
    "the lock goes from hand to hand: who has it now had no part in the wait, and another has it next",
  "wait-not-its-own": "it waits itself, for what another does",
  "works-elsewhere": "its client works elsewhere meanwhile, which is lost or done twice",
  // https://www.postgresql.org/docs/current/sql-createtrigger.html, and dblink's page.
  "at-work":
    "it is at work, or stands in line to be: what it has done through triggers, functions and views, what of that no rollback undoes, and what those behind it wait for next is not seen",
  "object-change":
    "it reads, builds, changes or ends what belongs to the application (VACUUM, ANALYZE, REINDEX, an index, a view, a timeout, several sessions), and whether now is the time a person knows",
};

export function neverAloneBecause(kind: NeverAloneKind): NeverAlone {
  return { kind, says: because[kind] };
}

type Seen = Pick<Session, "query" | "state" | "waitEvent"> &
  Partial<Pick<Session, "application">> & { readonly keepsSnapshot?: boolean | null | undefined };

/** What the target's own statement and wait say; null when nothing speaks against acting alone. */
export function neverAloneTarget(seen: Seen): NeverAlone | null {
  const { query, state, waitEvent } = seen;
  const elsewhere = worksElsewhere(seen, state !== "active");
  if (elsewhere !== null) return { kind: "works-elsewhere", says: elsewhere };
  // The statement of an idle session is its last one, and no wait.
  if (state !== "active") return null;
  const kind = isMaintenanceStatement(query) ? "maintenance-statement" : waitKindOf(waitEvent);
  return kind === null ? null : neverAloneBecause(kind);
}

/** The same, and whatever is at work, or said last what is not seen: what is ended unasked is idle, and known to be. */
export function neverUnasked(seen: Seen): NeverAlone | null {
  const never = neverAloneTarget(seen);
  if (never !== null) return never;
  if (seen.state === "active") return neverAloneBecause("at-work");
  if (seen.query === null) return { kind: "works-elsewhere", says: unseenText };
  return statementParts(seen.query).some(readsBeside) ? { kind: "works-elsewhere", says: readText } : null;
}

const unseenText =
  "its last statement is not seen, by which it may have leased rows (SKIP LOCKED) or written elsewhere";

/**
 * Read from something beside what it changed: what that is, a table, or a view that leases, is not in the text. Without
 * FROM, USING or TABLE there is nothing to lease. https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE (views)
 */
function readsBeside(part: string): boolean {
  const beside = part.replace(ownTable, "").replaceAll(/\bdistinct\s+from\b/gi, "");
  return /\b(from|using|table)\b/i.test(beside) || attribute.test(beside);
}

/** `set job = worker.claim` calls a function, too. https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-USAGE */
const attribute = /=\s*[\w"]*[a-z_"][\w"]*\s*\.\s*[a-z_"]/i;

/** Where FROM or TABLE names what it changes. */
const ownTable = /^(delete\s+from|copy\s+[^(]*(\([^)]*\)\s*)?from|truncate\s+table)\b/i;

const readText =
  "its last statement read from something that may be a view, through which it may have leased its rows (FOR UPDATE SKIP LOCKED)";
