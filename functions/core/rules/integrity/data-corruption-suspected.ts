import {
  type CorruptionSign,
  checksumSigns,
  crashedTableSigns,
  logSigns,
} from "../../facts/corruption-signs.ts";
import { restartOf } from "../../facts/restarts.ts";
import type { View } from "../../facts/view.ts";
import { corruptionRemedies } from "../../remedies/corruption-remedies.ts";
import { findExtent } from "../../remedies/extent-remedies.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { collationDrafts } from "./collation-draft.ts";

export const dataCorruptionSuspected = defineRule({
  id: "data-corruption-suspected",
  spec: ["D4", "V4"],
  category: "integrity",
  nature: "acute",
  title: "Stored data may be damaged",
  needs: ["postgres-database-rates", "postgres-collations", "mysql-objects", "whole error log"],
  evaluate: (view) => {
    const logged = logSigns(view);
    const signs = [...checksumSigns(view), ...crashedTableSigns(view), ...logged];
    const [worst] = signs.toSorted((a, b) => b.confidence - a.confidence);
    const sorted = collationDrafts(view);
    if (worst === undefined) return sorted;
    if (worst.doubted) return [doubtedDraft(view, signs), ...sorted];
    return [
      ...sorted,
      {
        subject: "",
        // Somebody reads damaged pages at this very moment: every such statement fails.
        severity: signs.some(({ now }) => now) ? "P0" : "P1",
        confidence: worst.confidence,
        summary: `Data corruption is suspected: ${summaryOf(signs)}; a person must look before anything is done`,
        evidence: signs.flatMap(({ source, says }) => says.map((text) => ({ source, says: text }))),
        // InnoDB ends the server rather than go on with such a page, each time that it is read.
        explains:
          logged.some((sign) => !sign.doubted) &&
          restartOf(view, view.evidence.target.name)?.cause?.is === "crash"
            ? [{ cause: "restart-or-crash", because: "the engine ends itself at a page that is damaged" }]
            : [],
        // Never automatic: a restart, a repair or a failover can make it worse, or spread it.
        actions: corruptionRemedies(view),
      },
    ];
  },
});

/** Of what is told with doubt: it is over when it is said no more. */
export const doubtedSubject = "doubted";

/** Whoever reaches the port may write such a line (text/doubted-records.ts): no point in time is gone back to for it. */
function doubtedDraft(view: View, signs: readonly CorruptionSign[]): FindingDraft {
  return {
    subject: doubtedSubject,
    severity: "P2",
    confidence: Math.max(...signs.map(({ confidence }) => confidence)),
    summary: `Data corruption is not proved and not ruled out: ${summaryOf(signs)}, which a client may have written, and nothing else says so; a person must have pages checked before anything is done`,
    evidence: signs.flatMap(({ source, says }) => says.map((text) => ({ source, says: text }))),
    explains: [],
    actions: findExtent(view),
  };
}

function summaryOf(signs: readonly CorruptionSign[]): string {
  return [...new Set(signs.map(({ short }) => short))].slice(0, 3).join(", ");
}
