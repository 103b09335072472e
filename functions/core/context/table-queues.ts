import type { TableQueue } from "../contract/log-excerpt.ts";
import { compare } from "../text/compare.ts";
import { isoTime } from "../text/iso-time.ts";
import type { LogLine } from "../text/log-line.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { isRaisedIn } from "../text/routine-frame.ts";
import {
  isOrdinary,
  isWholeTable,
  keepsOut,
  lockQueueDetail,
  type TableLockLine,
  tableLockLine,
} from "../text/table-lock-lines.ts";
import {
  type ProcessReader,
  type ReadRecord,
  readProcesses,
  type Said,
  tellsOfWaits,
} from "./read-processes.ts";

interface Wait extends TableLockLine {
  readonly user: string | null;
  /** Epoch seconds of the line. */
  readonly at: number;
  /** The place of its record. */
  readonly place: number;
  holders: readonly string[];
  /** All who waited then, in their order, itself among them. */
  queue: readonly string[];
  statement: string | null;
}

interface State {
  /** Those who wait: a process that says anything else waits no more. */
  readonly waits: Map<string, Wait>;
  /** The newest of each table, of whomever: the server's own list of the queue. */
  readonly newest: Map<string, Wait>;
  /** Who got a whole table after a wait, and which: the newest of each process. */
  readonly got: Map<string, { readonly table: string; readonly place: number }>;
  readonly spoke: Map<string, number>;
  /** How to take back what each process's newest message told, where its CONTEXT says that a client made it. */
  readonly told: Map<string, (() => void)[]>;
}

const mostShown = 3;
const mostHolders = 5;
const mostStatements = 2;

type Shown = (statement: string) => string;

/** The largest first; none where what was read does not prove that it stands. `shown`: a statement without values. */
export function tableQueues(records: readonly ReadRecord[], shown: Shown): readonly TableQueue[] {
  if (!tellsOfWaits(records)) return [];
  const state: State = {
    waits: new Map(),
    newest: new Map(),
    got: new Map(),
    spoke: new Map(),
    told: new Map(),
  };
  readProcesses(records, readerOf(state));
  return [...state.newest.keys()]
    .flatMap((table) => queueOf(state, table, shown) ?? [])
    .toSorted((a, b) => b.waiting - a.waiting || compare(a.relation, b.relation))
    .slice(0, mostShown);
}

const tableOf = ({ relation, database }: TableLockLine): string => `${database}/${relation}`;

function readerOf(state: State): ProcessReader {
  const { waits, spoke, told } = state;
  return {
    ends: (process, place) => {
      waits.delete(process);
      told.delete(process);
      spoke.set(process, place);
    },
    begunAnew: () => waits.clear(),
    says: (said) => readMessage(state, said),
    adds: (line) => addTo(state, line),
  };
}

function tell<T>({ told }: State, process: string, map: Map<string, T>, key: string, value: T): void {
  const before = map.get(key);
  const takeBack = () => (before === undefined ? map.delete(key) : map.set(key, before));
  told.set(process, [...(told.get(process) ?? []), takeBack]);
  map.set(key, value);
}

function readMessage(state: State, { process, level, client, at, text, doubted, place }: Said): void {
  const { waits, got } = state;
  if (level === "FATAL") got.delete(process);
  const lock = level === "LOG" && !doubted ? tableLockLine(text) : null;
  if (lock?.process !== process) return;
  const nothing = { holders: [], queue: [], statement: null };
  if (lock.waits)
    tell(state, process, waits, process, { ...lock, user: client?.user ?? null, at, place, ...nothing });
  else if (isWholeTable(lock.mode)) tell(state, process, got, process, { table: tableOf(lock), place });
}

function addTo(state: State, { process, level, text }: LogLine): void {
  const { waits, newest, told } = state;
  // An application's own words, and so is the list that stood before them.
  if (level === "CONTEXT" && process !== null && isRaisedIn(text, "LOG")) {
    for (const takeBack of told.get(process) ?? []) takeBack();
    told.delete(process);
  }
  const wait = waits.get(process ?? "");
  if (wait === undefined) return;
  if (level === "STATEMENT") wait.statement = text;
  const detail = level === "DETAIL" ? lockQueueDetail(text) : null;
  if (detail === null) return;
  Object.assign(wait, detail);
  tell(state, wait.process, newest, tableOf(wait), wait);
}

/**
 * Who stands in the server's newest list and has said nothing since. Those behind the one that it was written for have
 * only just come: they say so themselves where they wait on.
 */
function queueOf({ waits, newest, got, spoke }: State, table: string, shown: Shown): TableQueue | null {
  const last = newest.get(table);
  if (last === undefined) return null;
  const place = last.queue.indexOf(last.process);
  const stands = (process: string) => {
    const wait = waits.get(process);
    return wait !== undefined && tableOf(wait) === table;
  };
  const queue = last.queue.filter(
    (process, at) => stands(process) || (at < place && (spoke.get(process) ?? -1) < last.place),
  );
  const standing = queue.flatMap((process) => (stands(process) ? (waits.get(process) ?? []) : []));
  if (standing.length === 0) return null;
  const modes = queue.map((process) => (stands(process) ? (waits.get(process)?.mode ?? null) : null));
  const since = [...got].filter(([, one]) => one.table === table && one.place > last.place);
  const holders = since.length > 0 ? since.map(([process]) => process) : last.holders;
  const shut = holders.some((holder) => got.get(holder)?.table === table);
  const first = shut ? null : requestOf(modes);
  const request = first === null ? undefined : waits.get(queue[first.at] ?? "");
  const others = standing.flatMap((wait) => (wait === request ? [] : (wait.statement ?? [])));
  return {
    relation: last.relation,
    database: last.database,
    until: isoTime(last.at),
    since: isoTime(Math.min(...standing.map(sinceOf))),
    holders: holders.slice(0, mostHolders),
    waiting: queue.length,
    request:
      first === null || request === undefined
        ? null
        : {
            process: request.process,
            user: request.user,
            since: isoTime(sinceOf(request)),
            statement: request.statement === null ? null : shown(request.statement),
            behind: first.behind,
          },
    statements: mostFrequent(others.map(shown))
      .slice(0, mostStatements)
      .map(({ text }) => text),
  };
}

const sinceOf = ({ at, seconds }: Wait): number => at - seconds;

/**
 * The request that most wait for. Null where somebody reads or writes rows and none before him keeps him out: it is who has
 * the table that does. So where one is unknown who may be such a one. Which lock somebody has, the log does not tell.
 */
function requestOf(
  modes: readonly (string | null)[],
): { readonly at: number; readonly behind: number } | null {
  const keeps = modes.map((mode, at) =>
    modes.findIndex((before, first) => first < at && keepsOut(before ?? "", mode ?? "AccessShareLock")),
  );
  if (modes.some((mode, at) => keeps[at] === -1 && (mode === null || isOrdinary(mode)))) return null;
  const [largest] = [
    ...Map.groupBy(
      keeps.filter((at) => at >= 0),
      (at) => at,
    ),
  ]
    .map(([at, behind]) => ({ at, behind: behind.length }))
    .toSorted((a, b) => b.behind - a.behind || a.at - b.at);
  return largest ?? null;
}
