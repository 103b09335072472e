import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";
import type { WraparoundRow } from "../probes/postgres/vacuum-wraparound-rows.ts";
import { postgresNameIn, quoteName } from "../text/sql-names.ts";
import { asMaintainer } from "./run-as.ts";

/**
 * A8, as the manual has it for the emergency: first end what holds the horizon, then a plain VACUUM of the oldest. Not
 * FULL, which needs a transaction id itself, and not FREEZE, which does more than the least that is needed.
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
 */
export function vacuumOldest(view: View, table: WraparoundRow): ProposedAction {
  const quoted = postgresNameIn(table.schema, table.toastOf ?? table.name);
  const by = asMaintainer(view, table.owner);
  return proposeManual({
    id: "vacuum-table",
    spec: ["A8"],
    risk: "safe",
    preview: `VACUUM (VERBOSE) ${quoted}`,
    describes: `Freezes the old rows of ${quoted}; ${by.who}`,
    consequence: `Reads every page that is not frozen yet, which costs I/O and WAL; readers and writers go on. It gets no further than the oldest transaction, slot or prepared transaction allows: those must go first. ${by.else}`,
  });
}

/** Of RDS's own database a customer is kept out by other means. */
function isClosed({ evidence }: View, { name, closed }: WraparoundRow): boolean {
  return closed === true || (name === "rdsadmin" && evidence.target.flavour !== "self-managed");
}

/** What is to be done where nobody can run anything; null where somebody can. */
export function closedText(view: View, database: WraparoundRow): string | null {
  return isClosed(view, database)
    ? `nobody can connect to ${database.name}: autovacuum alone freezes it, even where it is off; see that nothing old holds the horizon (a transaction, a prepared one, a slot, a standby), and that its workers get there`
    : null;
}

/** For another database; nothing where nobody can run it. */
export function lookThere(
  view: View,
  database: WraparoundRow,
  of: "ids" | "multixacts" = "ids",
): readonly ProposedAction[] {
  return isClosed(view, database) ? [] : [findOldestTables(database.name, of)];
}

/** The tables of another database are seen there only. */
export function findOldestTables(database: string, of: "ids" | "multixacts" = "ids"): ProposedAction {
  const age = (table: string): string =>
    of === "ids" ? `age(${table}.relfrozenxid)` : `mxid_age(${table}.relminmxid)`;
  return proposeManual({
    id: "find-oldest-tables",
    spec: ["A8"],
    risk: "safe",
    preview: `SELECT c.oid::regclass AS "table", pg_get_userbyid(c.relowner) AS owner, c.relpersistence = 't' AS temporary, greatest(${age("c")}, ${age("t")}) AS age FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.relkind IN ('r', 'm') ORDER BY 4 DESC LIMIT 10`,
    describes: `the oldest tables of database ${quoteName(database)}: run it there`,
    consequence:
      "Only reads. A plain VACUUM of these tables by their owner is what helps, once nothing old holds the horizon.",
  });
}
