import { postgresRelationLocksRows } from "../probes/postgres/relation-locks-rows.ts";
import { grouped } from "../text/wording.ts";
import { settingsOf } from "./settings-facts.ts";
import type { View } from "./view.ts";

/** What the server has none left of, by its own answer to us. */
export interface RefusedLimit {
  readonly name: "max_locks_per_transaction" | "memory" | "threads" | "max_connect_errors" | "configured";
  readonly source: string;
  readonly says: string;
  /** Nobody gets in, or the responder alone. */
  readonly everybody: boolean;
}

/**
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
const byCode: Readonly<Record<string, Pick<RefusedLimit, "name" | "everybody">>> = {
  "53200": { name: "memory", everybody: true },
  "53400": { name: "configured", everybody: true },
  "1037": { name: "memory", everybody: true },
  "1041": { name: "memory", everybody: true },
  "1135": { name: "threads", everybody: true },
  "1129": { name: "max_connect_errors", everybody: false },
};

const lockTable = /out of shared memory/i;

/** At the sign-in, or by what a probe was answered. Null: nothing was refused so. */
export function refusedLimit(view: View): RefusedLimit | null {
  const { connection, probes } = view.evidence;
  const detail = connection.status === "not-connected" ? connection.detail : null;
  if (detail !== null && lockTable.test(detail)) return lockTableLimit("connection", detail);
  const known = byCode[connection.refusedWith ?? ""];
  if (known !== undefined) return { ...known, source: "connection", says: detail ?? known.name };
  const failed = probes.find(({ status, reason }) => status === "failed" && lockTable.test(reason ?? ""));
  return failed === undefined ? null : lockTableLimit(failed.id, failed.reason ?? "");
}

function lockTableLimit(source: string, says: string): RefusedLimit {
  return { name: "max_locks_per_transaction", everybody: true, source, says };
}

/** Locks beyond each session's own slots, where they could be counted, and how many have room. */
export interface LockTable {
  readonly used: number;
  readonly room: number | null;
  /** Tables whose partitions and indexes are locked by the dozen, most locks first. */
  readonly takers: readonly string[];
}

/** https://www.postgresql.org/docs/current/runtime-config-locks.html: not a limit of one transaction, but of all together. */
export function lockTableUse(view: View): LockTable | null {
  const rows = view.rows(postgresRelationLocksRows);
  if (rows === null) return null;
  const each = Number(settingsOf(view)?.value("max_locks_per_transaction") ?? Number.NaN);
  const connections = view.server?.maxConnections ?? Number.NaN;
  const room = each * connections;
  const most = rows.toSorted((a, b) => b.throughLockTable - a.throughLockTable).slice(0, 3);
  return {
    used: rows.reduce((sum, { throughLockTable }) => sum + throughLockTable, 0),
    room: Number.isFinite(room) ? room : null,
    takers: most.map(
      ({ table, throughLockTable, sessions, mostPerSession }) =>
        `${grouped(throughLockTable)} locks on ${table} and its indexes or partitions, of ${sessions} sessions, up to ${mostPerSession} each`,
    ),
  };
}
