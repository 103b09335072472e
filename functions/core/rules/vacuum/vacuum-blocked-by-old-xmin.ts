import { explainsHeld } from "../../facts/explains-held.ts";
import { heldFromFreezing, heldTables, leftFor } from "../../facts/held-rows.ts";
import {
  describeHolder,
  holdersAsFarBack,
  holdsHere,
  type XminHolder,
  xminHolders,
} from "../../facts/old-xmin.ts";
import { rounded } from "../../facts/statements.ts";
import { isBehind, tableKey, vacuumedSecondsAgo, vacuumedTables } from "../../facts/table-facts.ts";
import type { View } from "../../facts/view.ts";
import type { TableRow } from "../../probes/postgres/tables/rows.ts";
import {
  postgresVacuumWraparoundRows,
  type WraparoundRow,
} from "../../probes/postgres/vacuum-wraparound-rows.ts";
import { endHolder } from "../../remedies/xmin-remedies.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { heldByLog } from "./outside-held-draft.ts";

export const vacuumBlockedByOldXmin = defineRule({
  id: "vacuum-blocked-by-old-xmin",
  spec: ["D4"],
  category: "vacuum",
  title: "Vacuum may not remove dead rows because somebody could still see them",
  needs: ["postgres-oldest-xmin", "postgres-oldest-xmin-slots", "postgres-tables", "postgres-sessions"],
  evaluate: (view) => {
    const holders = xminHolders(view);
    if (holders === null) return heldByLog(view);
    const holds = holders
      .filter((holder) => isOld(view, holder))
      .map((holder) => holdOf(view, holder))
      .filter(({ behind, freezing }) => behind.length > 0 || freezing !== null);
    const told = holds.slice(0, toldApart).map((hold, place) => draftOf(view, hold, place, holds.length - 1));
    return told.length > 0 ? told : unseenDrafts(view);
  },
});

/** Nobody pauses for so long within a transaction, and on a server at work so many others begin meanwhile. */
const forgottenSeconds = 3600;
const forgottenXids = 1_000_000;

/**
 * Whose tables could not be looked at, as the probe brought none or they lie in another database: what a forgotten
 * transaction keeps is there all the same, however much it is. Of a prepared one nobody is left to end it.
 */
function unseenDrafts(view: View): readonly FindingDraft[] {
  const unseen = vacuumedTables(view) === null;
  return (xminHolders(view) ?? [])
    .filter((holder) => isForgotten(holder))
    .flatMap((holder) => {
      if (unseen || !holdsHere(view, holder)) return [{ holder, unknown: true }];
      return holder.row.holder === "prepared-transaction" ? [{ holder, unknown: false }] : [];
    })
    .toSorted((a, b) => Number(b.unknown) - Number(a.unknown))
    .slice(0, 1)
    .map(({ holder, unknown }) => ({
      ...draftOf(view, { holder, behind: [], held: [], freezing: null, beside: 0 }, 0, 0),
      summary: `${describeHolder(view, holder)} keeps vacuum from removing what has died since in any table of ${holder.row.database ?? "its database"}; ${unknown ? "how much that is could not be seen" : "no table suffers yet; COMMIT or ROLLBACK PREPARED ends it"}`,
      severity: (works(view, holder) || !unknown) && holder.row.xminAge < muchKept ? "P3" : "P2",
    }));
}

/** A fifth of what autovacuum_freeze_max_age lets pass (200 million): whatever works so long, it costs by now. */
const muchKept = 40_000_000;

/** A job between two of its statements, as long as a night's. */
function works(view: View, { session }: XminHolder): boolean {
  return (session?.stateSeconds ?? Number.POSITIVE_INFINITY) < view.thresholds.idleInTransactionSeconds;
}

function isForgotten({ row }: XminHolder): boolean {
  const { holder, state, seconds, xminAge } = row;
  const waits = holder === "prepared-transaction" || (state ?? "").startsWith("idle in transaction");
  return waits && (seconds ?? 0) >= forgottenSeconds && xminAge >= forgottenXids;
}

const toldApart = 3;
/** So many dead rows in all are more than pages to skip; below, it is only worth knowing. */
const manyDeadRows = 10_000;
/** A slot or standby does not say since when; so many transactions later it is old, or when a vacuum left rows for it. */
const oldXids = 100_000;

function isOld(view: View, holder: XminHolder): boolean {
  const { seconds, xminAge } = holder.row;
  if (seconds !== null) return seconds >= view.thresholds.idleInTransactionSeconds;
  return (
    xminAge >= oldXids || leftFor(view, holder, (vacuumedTables(view) ?? []).filter(isBehind)).length > 0
  );
}

interface Hold {
  readonly holder: XminHolder;
  /** Tables full of dead rows that it can hold, whether it does or not. */
  readonly behind: readonly TableRow[];
  /** Of these, the ones that a vacuum has left as they were for its sake. */
  readonly held: readonly TableRow[];
  readonly freezing: WraparoundRow | null;
  /** Others whose view of the data is as old, or half as old: not its doing alone. */
  readonly beside: number;
}

function holdOf(view: View, holder: XminHolder): Hold {
  const here = holdsHere(view, holder);
  const behind = (vacuumedTables(view) ?? [])
    .filter(isBehind)
    .filter(({ kind }) => here && (!holder.row.catalogOnly || kind === "catalog"));
  return {
    holder,
    behind,
    held: heldTables(view, holder, behind),
    freezing: heldFromFreezing(view, holder),
    beside: holdersAsFarBack(view, holder).length,
  };
}

function draftOf(view: View, hold: Hold, place: number, others: number): FindingDraft {
  const { holder, behind, held, freezing, beside } = hold;
  const proved = held.length > 0 || freezing !== null;
  const suffers = deadIn(held) >= manyDeadRows || freezing !== null;
  return {
    subject: holder.key,
    severity: suffers ? "P2" : "P3",
    // Whoever is younger than the oldest holds vacuum back only once that one has gone.
    confidence: (proved ? 0.9 : 0.5) - (place === 0 ? 0 : 0.3),
    summary: `${describeHolder(view, holder)}${besideText(beside)} ${whatItHolds(proved ? held : behind, proved, freezing)}`,
    evidence: evidenceOf(hold, proved, others),
    explains: explainsHeld(view, hold),
    actions: proved ? endHolder(view, holder, { suffers, alone: others + beside === 0 }) : [],
  };
}

function besideText(beside: number): string {
  return beside === 0 ? "" : `, beside ${plural(beside, "other")} that may see as far back,`;
}

function deadIn(tables: readonly TableRow[]): number {
  return tables.reduce((sum, { deadRows }) => sum + deadRows, 0);
}

function whatItHolds(tables: readonly TableRow[], proved: boolean, freezing: WraparoundRow | null): string {
  if (tables.length === 0 && freezing !== null) {
    return `keeps rows of database ${freezing.name} from being frozen, which has used ${rounded(freezing.percentUsed)} % of all transaction ids`;
  }
  const worst = tables.toSorted((a, b) => b.deadRows - a.deadRows)[0];
  const where =
    worst === undefined
      ? ""
      : `, ${rounded(worst.deadRows)} of them in ${tableKey(worst)} with ${rounded(worst.liveRows)} live ones`;
  const rows = `${rounded(deadIn(tables))} dead rows in ${plural(tables.length, "table")}${where}`;
  return proved
    ? `keeps vacuum from removing ${rows}`
    : `may keep vacuum from removing some of ${rows}; no vacuum that began after it has shown that it does`;
}

function evidenceOf(
  { holder: { row }, held, freezing }: Hold,
  proved: boolean,
  others: number,
): FindingDraft["evidence"] {
  const query = statementText(row.query);
  const source = "postgres-oldest-xmin";
  return [
    {
      source,
      says: `its horizon is ${plural(row.xminAge, "transaction")} back${row.catalogOnly ? ", for the system catalogues alone" : ""}${others === 0 ? "" : `; ${plural(others, "other")} older than the threshold${proved ? ": what died since they began goes only when they have gone as well" : ""}`}`,
    },
    ...held.slice(0, 3).map((table) => ({
      source: "postgres-tables",
      says: `${tableKey(table)} was vacuumed ${duration(vacuumedSecondsAgo(table))} ago and still has ${rounded(table.deadRows)} dead rows`,
    })),
    ...(freezing === null
      ? []
      : [
          {
            source: postgresVacuumWraparoundRows.id,
            says: `${rounded(freezing.percentUsed)} % of all transaction ids are used in ${freezing.name}; frozen as far as it allows, the oldest row would still be ${row.xminAge} transactions old`,
          },
        ]),
    ...(query === null ? [] : [{ source, says: `last statement: ${query}` }]),
  ];
}
