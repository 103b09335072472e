import type { OutsideWait } from "./wait-load.ts";

const ofTables = { what: "a whole table", behind: ", as behind DDL or LOCK TABLE" };

/**
 * What is wanted, by the thread's state where Performance Insights shows states, and what keeps it as a rule.
 * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
 */
export function tableWaitWords({ waits }: Pick<OutsideWait, "waits">): typeof ofTables {
  const name = waits[0]?.name ?? "";
  if (/flush$/i.test(name)) {
    const behind =
      ", as behind FLUSH TABLES or ANALYZE TABLE, which waits for a long statement itself: the oldest one that uses the table has to end, not the FLUSH";
    return { what: "a table that is to be closed", behind };
  }
  const other = /^waiting for (?!table )(.+) metadata lock$/i.exec(name)?.[1];
  return other === undefined
    ? ofTables
    : { what: `the metadata lock of ${other}`, behind: ", as behind DDL" };
}
