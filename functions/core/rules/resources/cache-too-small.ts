import {
  type Cache,
  cacheOf,
  poolKeptSmall,
  readsAnew,
  readsHurt,
  singleReader,
  youngCache,
} from "../../facts/cache.ts";
import { freePageEvidence } from "../../facts/innodb-strain.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import { bytesText, fromOutside, percentText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import { scaleInstanceClass } from "../../remedies/aws/class-remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
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
    return cache === null || cache.hitPercent >= view.thresholds.cacheHitPercent
      ? tables
      : [draftOf(view, cache), ...tables];
  },
});

function draftOf(view: View, cache: Cache): FindingDraft {
  const reader = singleReader(view);
  const hurts = reader === null && readsHurt(view);
  // Nobody was seen to wait for them: nothing is done for it.
  const suffering = hurts || (reader === null && readsAnew(view));
  const filling = stillFilling(view);
  const kept = poolKeptSmall(view);
  const pressed = ioPressure(view)?.severity === "P1" ? "P1" : "P2";
  const hurt = suffering ? ", and statements wait for them" : ", but nothing waits for them";
  return {
    subject: "",
    severity: suffering ? pressed : "P3",
    confidence: fromOutside(view, suffering ? 0.7 : 0.5),
    summary: `Only ${percentText(cache.hitPercent)} of the pages wanted are in the cache${cache.readsPerSecond === null ? "" : `; ${Math.round(cache.readsPerSecond)} a second are read from outside it`}${reader === null ? hurt : `; one statement reads most of them, a larger cache would not help: ${reader}`}${filling === null ? "" : `; ${filling}`}`,
    evidence: [
      { source: cache.source, says: cache.says },
      ...(kept === null ? [] : [keptText(kept)]),
      ...freePageEvidence(view),
    ],
    explains: suffering
      ? [{ cause: "io-saturated", because: "pages that are not in the cache are read from storage" }]
      : [],
    actions: hurts && filling === null && kept === null ? scaleInstanceClass(view) : [],
  };
}

/** https://dev.mysql.com/doc/refman/8.4/en/innodb-buffer-pool-resize.html */
function keptText({ bytes, freeBytes }: { readonly bytes: number; readonly freeBytes: number }) {
  return {
    source: "FreeableMemory",
    says: `the pool has ${bytesText(bytes)} and ${bytesText(freeBytes)} of memory are free: innodb_buffer_pool_size keeps it small, as a larger class would; raise it (it grows without a restart; the default is {DBInstanceClassMemory*3/4}) before anything is bought`,
  };
}

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
