import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../../functions/core/context/clean-log.ts";
import { hotRowContention } from "../../../../functions/core/rules/locks/hot-row-contention.ts";
import { collectedAt } from "../../../support/evidence-builder.ts";
import { metricView } from "../../../support/metric-scene.ts";

interface Calls {
  readonly count?: number;
  /** Between one call and the next. */
  readonly apart?: number;
  readonly locked?: number;
  readonly ageSeconds?: number;
}

/** Updates of one row that end one after the other, as MySQL logs them. */
function view({ count = 60, apart = 4, locked = 31, ageSeconds = 20 }: Calls) {
  const lines = Array.from({ length: count }, (_, at) => {
    const end = new Date(Date.parse(collectedAt) - 1000 * (ageSeconds + (count - at) * apart));
    return [
      `# Time: ${end.toISOString().replace("Z", "204Z")}`,
      "# User@Host: shop_web[shop_web] @  [10.31.4.17]  Id: 770650",
      `# Query_time: ${(locked + 0.1).toFixed(6)}  Lock_time: ${locked.toFixed(6)} Rows_sent: 0  Rows_examined: 1`,
      `UPDATE stock SET qty = qty - 1 WHERE sku = 'A${at}';`,
    ];
  }).flat();
  const portion = {
    file: "slowquery/mysql-slowquery.log",
    kind: "slow",
    lastWrittenAt: null,
    truncated: true,
    text: lines.join("\n"),
  } as const;
  const options = { dialect: "mysql", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  const seen = metricView({ engine: "mysql", context: { logs: [cleanLog(portion, options)] } });
  return { ...seen, server: null, connections: null, sessions: null, forests: null };
}

describe("locks that the slow log alone shows", () => {
  it("D7 sessions that wait for locks are told with their statement and user, and nobody is to be ended", () => {
    const [finding] = hotRowContention.evaluate(view({}));
    expect(finding?.severity).toBe("P2");
    expect(finding?.summary).toContain("UPDATE stock SET qty = qty - ? WHERE sku = ?");
    expect(finding?.summary).toContain("shop_web");
    expect(finding?.actions).toEqual([]);
  });

  it.each([
    ["few", { count: 4 }],
    ["short ones", { locked: 1.5 }],
    ["one after the other", { count: 10, apart: 25, locked: 5 }],
    ["none", { locked: 0.00001 }],
    ["over", { ageSeconds: 400 }],
    ["all let go at once", { count: 20, apart: 0.1 }],
  ] as const)("D10 %s are any day's", (_, calls) => {
    expect(hotRowContention.evaluate(view(calls))).toEqual([]);
  });
});
