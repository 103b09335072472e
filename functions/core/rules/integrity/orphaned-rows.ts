import { type MysqlOrphansRow, mysqlOrphansRows } from "../../probes/mysql/orphans-rows.ts";
import { type PostgresOrphansRow, postgresOrphansRows } from "../../probes/postgres/orphans-rows.ts";
import { addForeignKeyAgain } from "../../remedies/integrity-remedies.ts";
import { compare } from "../../text/compare.ts";
import { shownName } from "../../text/sql-names.ts";
import { countText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

type Row = MysqlOrphansRow &
  Pick<PostgresOrphansRow, "owner" | "definition"> & {
    readonly because: PostgresOrphansRow["because"] | "checks-off";
  };

export const orphanedRows = defineRule({
  id: "orphaned-rows",
  spec: ["D4"],
  category: "integrity",
  title: "Rows refer to a parent that does not exist",
  needs: ["postgres-orphaned-rows", "mysql-orphaned-rows"],
  evaluate: (view) => {
    const mysql = view.rows(mysqlOrphansRows)?.map((row) => ({
      ...row,
      because: "checks-off" as const,
      owner: null,
      definition: null,
    }));
    const rows: readonly Row[] = [...(view.rows(postgresOrphansRows) ?? []), ...(mysql ?? [])];
    return rows
      .filter((row) => (row.orphanedRows ?? 0) > 0)
      .toSorted((a, b) => compare(subjectOf(a), subjectOf(b)))
      .map(draftOf);
  },
});

/** The probes look into three foreign keys at most, so there are never many findings. */
function draftOf(row: Row): FindingDraft {
  const child = shownName(row.schema, row.table);
  const off = row.because === "triggers-disabled";
  const source = row.because === "checks-off" ? mysqlOrphansRows.id : postgresOrphansRows.id;
  const atLeast = row.partial ? "At least " : "";
  return {
    subject: subjectOf(row),
    // With its triggers off, the constraint looks validated and lets every further orphan in.
    severity: off ? "P2" : "P3",
    confidence: 0.95,
    summary: `${atLeast}${countText(row.orphanedRows ?? 0, "row")} of ${child} ${row.orphanedRows === 1 ? "refers" : "refer"} to a row of ${row.referencedTable} that does not exist, because ${becauseOf(row)}`,
    evidence: [
      {
        source,
        says: `${countText(row.checkedRows ?? 0, "row")} looked at${row.partial ? ", not the whole table" : ", the whole table"}`,
      },
      { source, says: `to see some: ${row.select}` },
    ],
    explains: [],
    actions: off ? addForeignKeyAgain(row) : [],
  };
}

function becauseOf({ because, constraint }: Row): string {
  switch (because) {
    case "triggers-disabled":
      return `the triggers of ${constraint} are switched off and nothing checks it`;
    case "not-validated":
      return `${constraint} was added NOT VALID and never validated`;
    case "checks-off":
      return `rows were written while foreign_key_checks was off, past ${constraint}`;
    default:
      return because satisfies never;
  }
}

function subjectOf({ schema, table, constraint }: Row): string {
  return `${schema}.${table}.${constraint}`;
}
