import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { PostgresConstraintRow } from "../probes/postgres/constraints-rows.ts";
import { postgresName, quoteName } from "../text/sql-names.ts";
import { countText } from "../text/wording.ts";

/**
 * https://www.postgresql.org/docs/current/sql-altertable.html: SHARE UPDATE EXCLUSIVE, and ROW SHARE on the parent.
 * @param willFail rows that break the constraint were seen
 */
export function validateConstraint(row: PostgresConstraintRow, willFail: boolean): ProposedAction {
  const fails = willFail ? " It will fail as long as the orphaned rows are there." : "";
  return proposeManual({
    id: "validate-constraint",
    spec: ["D4"],
    risk: "safe",
    preview: row.validate,
    describes: `check ${row.constraint} against all rows of ${row.table}`,
    consequence: `Reads ${countText(row.tableRows, "row")}; readers and writers go on, other changes to the table's definition wait.${fails}`,
  });
}

interface ForeignKey {
  readonly schema: string;
  readonly table: string;
  readonly constraint: string;
}

/** Which rows are wrong, child or parent, only their owner knows; what keeps new ones out can be said. */
export function enableTriggers({ schema, table, constraint }: ForeignKey): ProposedAction {
  return proposeManual({
    id: "enable-foreign-key-triggers",
    spec: ["D4"],
    risk: "disruptive",
    preview: `ALTER TABLE ${postgresName(schema, table)} ENABLE TRIGGER ALL`,
    describes: `let ${quoteName(constraint)} be checked again for new rows of ${table}`,
    consequence:
      "Also switches on whatever other triggers of the table were switched off on purpose; a load that needs them off fails from then on. Rows that are there stay as they are: mend them, then drop the constraint and add it again.",
  });
}
