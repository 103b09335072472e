import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { PostgresConstraintRow } from "../probes/postgres/constraints-rows.ts";
import { postgresName, quoteName } from "../text/sql-names.ts";
import { countText } from "../text/wording.ts";
import { asOwner } from "./run-as.ts";

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
    describes: `check ${row.constraint} against all rows of ${row.table}; ${asOwner(row.owner)}`,
    consequence: `Reads ${countText(row.tableRows, "row")}; readers and writers go on, other changes to the table's definition wait.${fails}`,
  });
}

interface ForeignKey {
  readonly schema: string;
  readonly table: string;
  readonly constraint: string;
  readonly owner: string | null;
  readonly definition: string | null;
}

/**
 * The triggers of a constraint are internal: only a superuser may switch them on, and on RDS nobody is one. Dropped and
 * added again in one statement they are new, and checked from then on; which rows are wrong only their owner knows.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER
 */
export function addForeignKeyAgain(key: ForeignKey): readonly ProposedAction[] {
  const { schema, table, constraint, owner, definition } = key;
  if (definition === null) return [];
  const name = quoteName(constraint);
  const notValid = `${definition.replace(/ NOT VALID$/, "")} NOT VALID`;
  return [
    proposeManual({
      id: "add-foreign-key-again",
      spec: ["D4"],
      risk: "disruptive",
      preview: `SET lock_timeout = '5s';\nALTER TABLE ${postgresName(schema, table)} DROP CONSTRAINT ${name}, ADD CONSTRAINT ${name} ${notValid}`,
      describes: `let ${name} be checked again for new rows of ${table}; ${asOwner(owner)}`,
      consequence: `Locks both tables for a moment, and gives up after 5 s rather than have everybody queue behind it. A load that needs the checks off fails from then on. Rows that are there stay as they are: mend them, then ALTER TABLE ${postgresName(schema, table)} VALIDATE CONSTRAINT ${name}. Undo: none is needed, no row is changed.`,
    }),
  ];
}
