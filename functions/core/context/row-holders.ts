import type { RowHolder } from "../contract/log-excerpt.ts";
import { compare } from "../text/compare.ts";
import { isoTime } from "../text/iso-time.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { isRaisedIn } from "../text/routine-frame.ts";
import { lockQueueDetail } from "../text/table-lock-lines.ts";
import { type ProcessReader, type ReadRecord, readProcesses, tellsOfWaits } from "./read-processes.ts";

interface Wait {
  readonly process: string;
  /** The transaction that it waits for; null: for a row behind somebody else, or for what is no row. */
  readonly transaction: string | null;
  readonly ofRows: boolean;
  /** Epoch seconds of the line, and since when it waits. */
  readonly at: number;
  readonly since: number;
  holders: readonly string[];
  statement: string | null;
  table: string | null;
}

/**
 * Of rows one waits for the transaction that has them, and the next for the row, behind whom waits first.
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LOCK-WAITS
 * https://github.com/postgres/postgres/blob/master/src/backend/access/heap/README.tuplock
 */
const waitLine =
  /^process (\d{1,10}) still waiting for \w{1,40} on (?:transaction (\d{1,20})|(tuple) \(|\w).{0,120}? after (\d{1,12})(?:\.\d{1,3})? ms$/;
const ofTable = /in relation "([^"]{1,130})"/;

const mostShown = 3;
/** One waits for the next: more of them than sessions there may be. */
const mostSteps = 1000;

/** Transactions that keep rows others wait for by the end of the log, whom most wait for first. `shown`: without values. */
export function rowHolders(
  records: readonly ReadRecord[],
  shown: (statement: string) => string,
): readonly RowHolder[] {
  if (!tellsOfWaits(records)) return [];
  const waits = new Map<string, Wait>();
  readProcesses(records, readerOf(waits));
  const groups = Map.groupBy([...waits.values()], (wait) => holderOf(waits, wait) ?? "");
  groups.delete("");
  return [...groups]
    .map(([holder, all]) => toldOf(holder, all, shown))
    .toSorted((a, b) => b.waiting - a.waiting || compare(a.process, b.process))
    .slice(0, mostShown);
}

function readerOf(waits: Map<string, Wait>): ProcessReader {
  return {
    ends: (process) => waits.delete(process),
    begunAnew: () => waits.clear(),
    says: ({ process, level, text, doubted, at }) => {
      const found = level === "LOG" && !doubted ? waitLine.exec(text) : null;
      const [, who, transaction = null, tuple, ms] = found ?? [];
      if (who !== process) return;
      const ofRows = transaction !== null || tuple !== undefined;
      const since = at - Number(ms) / 1000;
      waits.set(process, {
        process,
        transaction,
        ofRows,
        at,
        since,
        holders: [],
        statement: null,
        table: null,
      });
    },
    adds: ({ process, level, text }) => {
      const wait = waits.get(process ?? "");
      if (wait === undefined) return;
      if (level === "STATEMENT") wait.statement = text;
      if (level === "DETAIL") wait.holders = lockQueueDetail(text)?.holders ?? wait.holders;
      if (level !== "CONTEXT") return;
      wait.table = ofTable.exec(text)?.[1] ?? wait.table;
      if (isRaisedIn(text, "LOG")) waits.delete(wait.process);
    },
  };
}

/** A prepared transaction has no process: one and another are told apart by their numbers. */
const prepared = "0";

/**
 * Who has what all before him wait for; with savepoints in more than one transaction of his. Null where he waits himself, or
 * it cannot be told who it is.
 */
function holderOf(waits: ReadonlyMap<string, Wait>, first: Wait): string | null {
  let wait = first;
  for (let step = 0; step < mostSteps; step++) {
    const [holder, ...others] = wait.holders;
    if (!wait.ofRows || holder === undefined || others.length > 0) return null;
    const next = waits.get(holder);
    if (next !== undefined) wait = next;
    // Who has a row only waits for the transaction that changed it: his own wait was left out.
    else if (wait.transaction === null) return null;
    else return holder === prepared ? `${holder} ${wait.transaction}` : holder;
  }
  return null;
}

function toldOf(holder: string, waits: readonly Wait[], shown: (statement: string) => string): RowHolder {
  const [process = ""] = holder.split(" ");
  const direct = waits.filter(({ holders }) => holders[0] === process);
  const most = (texts: readonly (string | null)[]) =>
    mostFrequent(texts.filter((text) => text !== null))[0]?.text ?? null;
  return {
    process,
    until: isoTime(Math.max(...waits.map(({ at }) => at))),
    since: isoTime(Math.min(...direct.map(({ since }) => since))),
    waiting: waits.length,
    table: most(direct.map(({ table }) => table)),
    statement: most(direct.map(({ statement }) => (statement === null ? null : shown(statement)))),
  };
}
