import type { Severity } from "../../contract/finding.ts";
import { cacheOf, readsHurt, singleReader, youngCache } from "../../facts/cache.ts";
import { freePageEvidence } from "../../facts/innodb-strain.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import { scaleInstanceClass } from "../../remedies/aws/class-remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule } from "../define.ts";
import { tableCacheDrafts } from "./table-cache-draft.ts";

/** Of the pool: a larger one would be as empty. */
const roomPercent = 20;

export const cacheTooSmall = defineRule({
  id: "cache-too-small",
  spec: ["D4", "P7", "P28"],
  category: "resources",
  title: "The cache does not hold what is read again and again",
  needs: ["postgres-database-rates", "mysql-innodb-rates", "mysql-wait-profile", "BufferCacheHitRatio"],
  evaluate: (view) => {
    const tables = tableCacheDrafts(view);
    const cache = cacheOf(view);
    if (cache === null || cache.hitPercent >= view.thresholds.cacheHitPercent) return tables;
    const reader = singleReader(view);
    const suffering = reader === null && readsHurt(view);
    const filling = stillFilling(view);
    const io = ioPressure(view);
    const severity: Severity = !suffering ? "P3" : io?.severity === "P1" ? "P1" : "P2";
    return [
      {
        subject: "",
        severity,
        confidence: fromOutside(view, suffering ? 0.7 : 0.5),
        summary: `Only ${percentText(cache.hitPercent)} of the pages wanted are in the cache${cache.readsPerSecond === null ? "" : `; ${Math.round(cache.readsPerSecond)} a second are read from outside it`}${reader === null ? (suffering ? ", and statements wait for them" : ", but nothing waits for them") : `; one statement reads most of them, a larger cache would not help: ${reader}`}${filling === null ? "" : `; ${filling}`}`,
        evidence: [{ source: cache.source, says: cache.says }, ...freePageEvidence(view)],
        explains: suffering
          ? [{ cause: "io-saturated", because: "pages that are not in the cache are read from storage" }]
          : [],
        actions: suffering && filling === null ? scaleInstanceClass(view) : [],
      },
      ...tables,
    ];
  },
});

/** Why the ratio says nothing of the cache's size yet; null when it does. */
function stillFilling(view: View): string | null {
  const young = youngCache(view);
  if (young !== null)
    return `it is warming up: the server has been up for ${duration(young)}, and a larger one would begin with an empty cache again`;
  const free = view.rows(mysqlInnodbRatesRows)?.[0]?.bufferPool.freePercent ?? 0;
  return free > roomPercent
    ? `${percentText(free)} of the buffer pool are free, so that a larger one would not help`
    : null;
}
