import { describeHolder, type XminHolder, xminHolders } from "../../facts/old-xmin.ts";
import { rounded } from "../../facts/statements.ts";
import { isBehind, tableKey, tablesOf, vacuumedSecondsAgo } from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import type { TableRow } from "../../probes/postgres/tables/rows.ts";
import { postgresVacuumWraparoundRows } from "../../probes/postgres/vacuum-wraparound-rows.ts";
import { endHolder } from "../../remedies/xmin-remedies.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const vacuumBlockedByOldXmin = defineRule({
  id: "vacuum-blocked-by-old-xmin",
  spec: ["D4"],
  category: "vacuum",
  title: "Vacuum may not remove dead rows because somebody could still see them",
  needs: ["postgres-oldest-xmin", "postgres-tables", "postgres-sessions"],
  evaluate: (view) => {
    const holders = (xminHolders(view) ?? []).filter((holder) => isOld(view, holder));
    const behind = (tablesOf(view) ?? []).filter(isBehind);
    const wraparound = wraparoundNear(view);
    if (behind.length === 0 && wraparound === null) return [];
    return holders
      .slice(0, toldApart)
      .map((holder, place) =>
        draftOf(view, { holder, place, others: holders.length - 1 }, behind, wraparound),
      );
  },
});

const toldApart = 3;
/** So many dead rows in all are more than pages to skip; below, it is only worth knowing. */
const manyDeadRows = 10_000;
/** A slot or standby does not say since when; so many transactions later it is old. */
const oldXids = 100_000;
/** AWS's advice is to act at a billion transactions, of two. */
const nearPercent = 45;

function isOld({ thresholds }: View, { row }: XminHolder): boolean {
  return row.seconds === null ? row.xminAge >= oldXids : row.seconds >= thresholds.idleInTransactionSeconds;
}

function wraparoundNear(view: View): number | null {
  const used = (view.rows(postgresVacuumWraparoundRows) ?? []).map(({ percentUsed }) => percentUsed);
  const most = Math.max(0, ...used);
  return most >= nearPercent ? most : null;
}

interface Place {
  readonly holder: XminHolder;
  readonly place: number;
  readonly others: number;
}

function draftOf(
  view: View,
  { holder, place, others }: Place,
  behind: readonly TableRow[],
  wraparound: number | null,
): FindingDraft {
  const { row } = holder;
  const dead = behind.reduce((sum, { deadRows }) => sum + deadRows, 0);
  const suffers = dead >= manyDeadRows || wraparound !== null;
  const vain = behind.filter((table) => wasInVain(table, row.seconds));
  const worst = behind.toSorted((a, b) => b.deadRows - a.deadRows)[0];
  const query = statementText(row.query);
  const because = `rows that died in the last ${duration(row.seconds)} could still be seen by it`;
  return {
    subject: holder.key,
    severity: suffers ? "P2" : "P3",
    // Whoever is younger than the oldest holds vacuum back only once that one has gone.
    confidence: (vain.length > 0 ? 0.9 : 0.75) - (place === 0 ? 0 : 0.3),
    summary: `${describeHolder(view, holder)} keeps vacuum from removing ${rounded(dead)} dead rows in ${plural(behind.length, "table")}${worst === undefined ? "" : `, ${rounded(worst.deadRows)} of them in ${tableKey(worst)} with ${rounded(worst.liveRows)} live ones`}`,
    evidence: [
      {
        source: "postgres-oldest-xmin",
        says: `its horizon is ${plural(row.xminAge, "transaction")} back${others === 0 ? "" : `; ${plural(others, "other")} older than the threshold`}`,
      },
      ...vain.slice(0, 3).map((table) => ({
        source: "postgres-tables",
        says: `${tableKey(table)} was vacuumed ${duration(vacuumedSecondsAgo(table))} ago and still has ${rounded(table.deadRows)} dead rows`,
      })),
      ...(wraparound === null
        ? []
        : [
            {
              source: postgresVacuumWraparoundRows.id,
              says: `${rounded(wraparound)} % of all transaction ids are used`,
            },
          ]),
      ...(query === null ? [] : [{ source: "postgres-oldest-xmin", says: `last statement: ${query}` }]),
    ],
    explains: [
      { cause: "dead-tuples-behind", because },
      { cause: "table-bloat", because },
      { cause: "index-bloat", because },
      { cause: "wraparound-risk", because: "rows newer than its horizon cannot be frozen" },
    ],
    actions: endHolder(view, holder, suffers),
  };
}

/** Vacuum went over it while the transaction was open, and left the dead rows. */
function wasInVain(table: TableRow, openSeconds: number | null): boolean {
  const ago = vacuumedSecondsAgo(table);
  return ago !== null && (openSeconds === null || ago < openSeconds);
}
