import { compare } from "../text/compare.ts";
import { duration, statementText } from "../text/wording.ts";
import { isWriting } from "./insights.ts";
import { rounded, type Statement, statementsOf } from "./statements.ts";
import type { View } from "./view.ts";

/** Sessions that are busy with it on average; less fills no volume. */
const noticeable = 0.1;
/** Of WAL a second: 84 GiB a day, which a quick statement writes in next to no time. */
const muchWal = 1024 ** 2;

/**
 * The statement that writes most by what the engine itself tells, in words: one that has run for long, which no
 * statistics count before it has ended, else the one that writes most WAL, where that is counted, or that most sessions
 * are busy with. What its triggers write is counted with it. Null where none is seen.
 */
export function insideWriter(view: View): string | null {
  return longWriter(view) ?? busyWriter(view);
}

function longWriter({ sessions, thresholds }: View): string | null {
  const [longest] = (sessions ?? [])
    .filter(
      ({ state, own, kind, query }) =>
        state === "active" && !own && kind === "client" && isWriting(query ?? ""),
    )
    .filter(({ statementSeconds }) => (statementSeconds ?? 0) >= thresholds.slowQuerySeconds)
    .toSorted((a, b) => (b.statementSeconds ?? 0) - (a.statementSeconds ?? 0) || a.id - b.id);
  const query = statementText(longest?.query ?? null);
  return longest === undefined || query === null
    ? null
    : `${query} (running for ${duration(longest.statementSeconds)}${longest.application === null ? "" : `, app ${longest.application}`})`;
}

function busyWriter(view: View): string | null {
  const busy = ({ now }: Statement): number => now.averageSessions;
  const wal = ({ now }: Statement): number => now.walBytesPerSecond ?? 0;
  const [most] = (statementsOf(view) ?? [])
    .filter(({ query }) => isWriting(query ?? ""))
    .filter((statement) => busy(statement) >= noticeable || wal(statement) >= muchWal)
    .toSorted((a, b) => wal(b) - wal(a) || busy(b) - busy(a) || compare(a.key, b.key));
  const query = statementText(most?.query ?? null);
  return most === undefined || query === null
    ? null
    : `${query} (${rounded(most.now.callsPerSecond)} calls a second, ${Math.round(most.now.percentOfTime)} % of all statement time)`;
}
