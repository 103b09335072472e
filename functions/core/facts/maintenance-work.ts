import { postgresVacuumProgressRows } from "../probes/postgres/vacuum-progress-rows.ts";
import { compare } from "../text/compare.ts";
import { withoutLeadingComments } from "../text/statement-parts.ts";
import { sessionName } from "../text/wording.ts";
import type { View } from "./view.ts";

/** Work on the database itself rather than for its users: vacuum, index builds, backups. */
export interface MaintenanceWork {
  readonly key: string;
  readonly sessionId: number;
  /** "VACUUM FULL of public.orders". */
  readonly what: string;
  /** "app pgadmin, pid 812" or "autovacuum". */
  readonly who: string;
  readonly seconds: number;
  readonly percent: number | null;
  /** By the engine's name; null on the CPU, or where it was not seen. */
  readonly waitEvent: string | null;
  /** Started by the server itself. */
  readonly automatic: boolean;
  readonly wraparound: boolean;
  readonly source: string;
}

const commands = {
  vacuum: "VACUUM",
  analyze: "ANALYZE",
  "create-index": "CREATE INDEX",
  reindex: "REINDEX",
  "vacuum-full": "VACUUM FULL",
  cluster: "CLUSTER",
  "base-backup": "base backup",
} as const;

/** Running maintenance, the longest first. */
export function maintenanceWork(view: View): readonly MaintenanceWork[] {
  const known = progress(view);
  const seen = new Set(known.map(({ sessionId }) => sessionId));
  return [...known, ...fromStatements(view).filter(({ sessionId }) => !seen.has(sessionId))].toSorted(
    (a, b) => b.seconds - a.seconds || compare(a.key, b.key),
  );
}

export type WorkGroup = readonly [MaintenanceWork, ...MaintenanceWork[]];

/**
 * What the server began itself comes of one cause, however many workers it has, first what must not be stopped; each that a
 * person began is another's.
 */
export function atOnce(works: readonly MaintenanceWork[]): readonly WorkGroup[] {
  const [first, ...more] = works
    .filter(({ automatic }) => automatic)
    .toSorted((a, b) => Number(b.wraparound) - Number(a.wraparound));
  const own = works.filter(({ automatic }) => !automatic).map((work): WorkGroup => [work]);
  return first === undefined ? own : [[first, ...more], ...own];
}

function progress(view: View): readonly MaintenanceWork[] {
  return (view.rows(postgresVacuumProgressRows) ?? []).map((row) => ({
    key: `session:${row.pid}`,
    sessionId: row.pid,
    what: `${commands[row.command]}${row.relation === null ? "" : ` of ${row.relation}`}`,
    who: row.automatic ? "autovacuum" : `${row.application ?? row.user ?? "unknown"}, pid ${row.pid}`,
    seconds: row.seconds ?? 0,
    percent: row.percent,
    waitEvent: row.waitEvent,
    automatic: row.automatic,
    wraparound: row.wraparound,
    source: postgresVacuumProgressRows.id,
  }));
}

const maintenanceWords =
  /^\s*(optimize\s+(?:\w+\s+)?table|analyze\s+(?:\w+\s+)?table|alter\s+table|create\s+(?:unique\s+|fulltext\s+)?index|check\s+table|repair\s+table|vacuum\s+full|vacuum|reindex|cluster|create\s+index)\b/i;
const dumpApplications = /dump|xtrabackup|mydumper|basebackup/i;

/** MySQL tells the progress of its maintenance nowhere by default: the statement's words must do. */
function fromStatements(view: View): readonly MaintenanceWork[] {
  const { engine } = view.evidence.target;
  const least = view.thresholds.slowQuerySeconds;
  return (view.sessions ?? [])
    .filter(({ state, own, kind, statementSeconds }) => {
      return state === "active" && !own && kind === "client" && (statementSeconds ?? 0) >= least;
    })
    .flatMap((session) => {
      const words = maintenanceWords
        .exec(withoutLeadingComments(session.query ?? ""))?.[1]
        ?.replace(/\s+/g, " ")
        .toUpperCase();
      const dump = dumpApplications.test(session.application ?? "") ? `dump by ${session.application}` : null;
      const what = words ?? dump;
      // Waiting for a lock is no load.
      if (what === null || /lock/i.test(session.waitEvent ?? "")) return [];
      return {
        key: `session:${session.id}`,
        sessionId: session.id,
        what: words === undefined ? what : `${words} (${sentenceOf(session.query)})`,
        who: `${session.application ?? session.user ?? "unknown"}, ${sessionName(session.id, engine)}`,
        seconds: session.statementSeconds ?? 0,
        percent: null,
        waitEvent: session.waitEvent,
        automatic: false,
        wraparound: false,
        source: engine === "postgres" ? "postgres-sessions" : "mysql-sessions",
      };
    });
}

function sentenceOf(query: string | null): string {
  const text = (query ?? "").replace(/\s+/g, " ").trim();
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
