import { settingsOf } from "../../facts/settings-facts.ts";
import type { View } from "../../facts/view.ts";
import { waitShare } from "../../facts/workload.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import { changeParameter } from "../../remedies/aws/parameter-remedies.ts";
import type { FindingDraft } from "../define.ts";

/** A table that is opened for the first time is a miss, one that another had to leave for is an overflow. */
const thrashing = 10;
const openingPercent = 30;

/**
 * Tables are closed to open others, again and again.
 * https://dev.mysql.com/doc/refman/8.4/en/table-cache.html
 */
export function tableCacheDrafts(view: View): readonly FindingDraft[] {
  const rates = view.rows(mysqlInnodbRatesRows)?.[0];
  const misses = rates?.tableCacheMissesPerSecond ?? 0;
  const overflows = rates?.tableCacheOverflowsPerSecond ?? 0;
  if (overflows < thrashing || misses < thrashing) return [];
  const opening = waitShare(view, ({ name }) => /^(opening|closing) tables/i.test(name));
  const hurts = opening !== null && opening.percent >= openingPercent && opening.averageSessions >= 2;
  const current = Number(settingsOf(view)?.value("table_open_cache") ?? 0);
  const value = String(2 * current);
  return [
    {
      subject: "table_open_cache",
      severity: hurts ? "P2" : "P3",
      confidence: 0.7,
      summary: `The table cache is too small: ${Math.round(misses)} tables a second are opened, ${Math.round(overflows)} others closed for them${hurts ? `; ${opening.says}, are at it` : ", but nothing waits for it"}`,
      evidence: [
        {
          source: mysqlInnodbRatesRows.id,
          says: current > 0 ? `table_open_cache = ${current}` : "table_open_cache could not be seen",
        },
      ],
      explains: [],
      actions:
        current > 0
          ? [
              changeParameter(
                view,
                { id: "change-parameters", spec: "A24", name: "table_open_cache", value, towards: "higher" },
                "Each open table takes memory and a file handle.",
              ),
            ]
          : [],
    },
  ];
}
