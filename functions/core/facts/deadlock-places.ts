import { deadlockTables } from "../text/deadlock-tables.ts";
import { mostFrequent } from "../text/most-frequent.ts";
import { lockObject, statementText } from "../text/wording.ts";
import { blockingOf } from "./blocking.ts";
import { tableOfRow, waitsForRow } from "./held-since.ts";
import { lockSource } from "./lock-source.ts";
import { isSaid, type LogWords, recentLogRecords } from "./log-lines.ts";
import { rounded } from "./statements.ts";
import type { View } from "./view.ts";
import { waitersByInsights } from "./wait-load.ts";
import { waitNames } from "./wait-names.ts";

/** Where deadlocks come from, as far as anything tells. */
export interface DeadlockPlaces {
  readonly tables: readonly string[];
  readonly evidence: readonly { readonly source: string; readonly says: string }[];
}

const most = 3;

/**
 * PostgreSQL logs every one; MySQL and MariaDB with innodb_print_all_deadlocks.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html#sysvar_innodb_print_all_deadlocks
 */
export const deadlockLine: LogWords = {
  levels: ["ERROR", "NOTE"],
  says: /^(?:deadlock detected$|Transactions deadlock detected\b)/,
};

/**
 * PostgreSQL's log names both statements and the relation of each, InnoDB's the tables; who waits for rows just now is their like, and no proof.
 * https://github.com/postgres/postgres/blob/master/src/backend/storage/lmgr/deadlock.c (DeadLockReport)
 */
export function deadlockPlaces(view: View): DeadlockPlaces {
  const records = recentLogRecords(view.evidence).filter((record) => isSaid(record, deadlockLine));
  const details = records.flatMap((record) => record.details);
  const caught = (wanted: string, says: RegExp): readonly string[] =>
    details.filter(({ level }) => level === wanted).flatMap(({ text }) => says.exec(text)?.[1] ?? []);
  const logged = caught("DETAIL", /^(Process \d+ waits for .*)$/);
  const statements = unique(logged.flatMap(statementsIn));
  const relations = mostFrequent(caught("CONTEXT", /^while [a-z ]+(?:\([^()]*\))? in relation "([^"]+)"/));
  const reported = mostFrequent(records.flatMap(({ text }) => deadlockTables(text)));
  return {
    tables: [...relations, ...reported]
      .flatMap(({ text }) => (text.includes("?") ? [] : [text]))
      .slice(0, most),
    evidence:
      statements.length > 0
        ? statements.map((text) => ({ source: "error log", says: `in a deadlock: ${text}` }))
        : waitingNow(view),
  };
}

/** "Process 812: UPDATE …", one after the other; those that wait "for ShareLock on" come first, without a colon. */
function statementsIn(detail: string): readonly string[] {
  return detail
    .split(/\bProcess \d+: /)
    .slice(1)
    .flatMap((text) => statementText(text.trim()) ?? []);
}

function waitingNow(view: View): DeadlockPlaces["evidence"] {
  const waiters = [...blockingOf(view).graph.members.values()].filter(waitsForRow);
  const texts = waiters.flatMap(({ session, waitsFor }) => {
    const query = statementText(session?.query ?? null);
    const table = waitsFor === null ? null : tableOfRow(lockObject(waitsFor));
    return query === null
      ? []
      : [`waits for a row${table === null ? "" : ` of ${table}`} just now: ${query}`];
  });
  const seen = unique(texts).map((says) => ({ source: lockSource(view), says }));
  return seen.length > 0 ? seen : waitingByInsights(view);
}

/** From outside: who waits for rows over minutes. */
function waitingByInsights(view: View): DeadlockPlaces["evidence"] {
  return waitersByInsights(view, waitNames.row).map(({ statement, sessions, percent }) => ({
    source: "Performance Insights",
    says: `${rounded(sessions)} sessions at a time wait for a row in ${statement} (${Math.round(percent)} % of such waits): that is who waits, as both of a deadlock do before one is rolled back, and no proof`,
  }));
}

/** Most frequent first. */
function unique(texts: readonly string[]): readonly string[] {
  return mostFrequent(texts)
    .slice(0, most)
    .map(({ text }) => text);
}
