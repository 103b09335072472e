import {
  type CorruptionSign,
  checksumSigns,
  crashedTableSigns,
  logSigns,
} from "../../facts/corruption-signs.ts";
import { corruptionRemedies } from "../../remedies/corruption-remedies.ts";
import { defineRule } from "../define.ts";

export const dataCorruptionSuspected = defineRule({
  id: "data-corruption-suspected",
  spec: ["D4", "V4"],
  category: "integrity",
  nature: "acute",
  title: "Stored data may be damaged",
  needs: ["postgres-database-rates", "mysql-objects"],
  evaluate: (view) => {
    const signs = [...checksumSigns(view), ...crashedTableSigns(view), ...logSigns(view)];
    const [worst] = signs.toSorted((a, b) => b.confidence - a.confidence);
    if (worst === undefined) return [];
    return [
      {
        subject: "",
        // Somebody reads damaged pages at this very moment: every such statement fails.
        severity: signs.some(({ now }) => now) ? "P0" : "P1",
        confidence: worst.confidence,
        summary: `Data corruption is suspected: ${summaryOf(signs)}; a person must look before anything is done`,
        evidence: signs.flatMap(({ source, says }) => says.map((text) => ({ source, says: text }))),
        explains: [],
        // Never automatic: a restart, a repair or a failover can make it worse, or spread it.
        actions: corruptionRemedies(view),
      },
    ];
  },
});

function summaryOf(signs: readonly CorruptionSign[]): string {
  return [...new Set(signs.map(({ short }) => short))].slice(0, 3).join(", ");
}
