import { mysqlEngineStateRows } from "../probes/mysql/engine-state/rows.ts";
import { loadProfile } from "./load-profile.ts";
import { vcpusOfTarget } from "./rds-facts.ts";
import type { View } from "./view.ts";

export type LatchKind =
  | "adaptive-hash"
  | "index"
  | "page"
  | "lock-system"
  | "read-views"
  | "log"
  | "table-cache";

interface LatchRow {
  readonly kind: LatchKind;
  /** Of performance_schema's instruments. */
  readonly event: RegExp;
  /** Files of InnoDB's source that make such a latch, as the monitor names them. */
  readonly madeIn: RegExp;
}

/**
 * What is known of them; any other latch says nothing a person could act on.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-instrument-naming.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.Waitevents.html
 */
const known: readonly LatchRow[] = [
  { kind: "adaptive-hash", event: /btr_search|btr_ahi/, madeIn: /^(btr0sea|ha0ha)$/ },
  { kind: "index", event: /index_tree_rw_lock|dict_index/, madeIn: /^dict0(dict|mem)$/ },
  {
    kind: "page",
    event: /buf_block_lock|block_lock|hash_table_locks|buf_pool/,
    madeIn: /^(buf0buf|buf0lru)$/,
  },
  { kind: "lock-system", event: /lock_sys|lock_mutex|LOCK_thd_lock/, madeIn: /^lock0lock$/ },
  { kind: "read-views", event: /trx_sys/, madeIn: /^(trx0sys|read0read)$/ },
  { kind: "log", event: /innodb\/log_|log_sys/, madeIn: /^log0log$/ },
  { kind: "table-cache", event: /LOCK_(table_cache|open)\b/, madeIn: /^never$/ },
];

export interface LatchWaits {
  readonly kind: LatchKind;
  readonly source: string;
  /** Sessions that waited for it at one moment, on average. */
  readonly averageSessions: number;
  readonly threadsRunning: number | null;
  readonly vcpus: number | null;
  readonly says: string;
}

/** A latch is held for microseconds: whoever sees many sessions at one has seen a queue. */
const fewSessions = 4;
const sharePercent = 30;
/** Threads that run for each vCPU: below this the machine keeps up with what runs. */
const crowded = 2;

/** The one that most sessions wait for; null where none stands out, and where threads have a CPU each. */
export function latchWaits(view: View): LatchWaits | null {
  const profile = loadProfile(view);
  const threadsRunning = profile?.threadsRunning ?? null;
  const vcpus = vcpusOfTarget(view);
  if (threadsRunning !== null && vcpus !== null && threadsRunning < crowded * vcpus) return null;
  const [most] = [...fromEvents(view), ...fromMonitor(view)].toSorted(
    (a, b) => b.averageSessions - a.averageSessions || (a.kind < b.kind ? -1 : 1),
  );
  return most === undefined ? null : { ...most, threadsRunning, vcpus };
}

type Seen = Omit<LatchWaits, "threadsRunning" | "vcpus">;

function fromEvents(view: View): readonly Seen[] {
  const profile = loadProfile(view);
  if (profile === null) return [];
  return known.flatMap(({ kind, event }): Seen[] => {
    const waits = profile.waits.filter((wait) => wait.kind === "latch" && event.test(wait.name));
    const averageSessions = waits.reduce((sum, wait) => sum + wait.averageSessions, 0);
    const percent = waits.reduce((sum, wait) => sum + wait.percent, 0);
    if (averageSessions < fewSessions || percent < sharePercent) return [];
    const says = `${Math.round(percent)} % of the working sessions wait at ${waits.map(({ name }) => name).join(", ")}`;
    return [{ kind, source: profile.source, averageSessions, says }];
  });
}

function fromMonitor(view: View): readonly Seen[] {
  const latches = view.rows(mysqlEngineStateRows)?.[0]?.latches ?? [];
  return known.flatMap(({ kind, madeIn }): Seen[] => {
    const such = latches.filter((latch) => madeIn.test(latch.madeIn));
    // Two moments are added up.
    const averageSessions = such.reduce((sum, { waiters }) => sum + waiters, 0) / 2;
    if (averageSessions < fewSessions) return [];
    const longest = Math.max(...such.map(({ longestSeconds }) => longestSeconds));
    const says = `InnoDB's monitor lists ${such.map((latch) => `${latch.waiters} waits for latches of ${latch.madeIn}`).join(", ")}, up to ${longest} s`;
    return [{ kind, source: mysqlEngineStateRows.id, averageSessions, says }];
  });
}
