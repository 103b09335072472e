import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../../functions/core/context/clean-log.ts";
import { replicaQueryConflict } from "../../../../functions/core/rules/replication/replica-query-conflict.ts";
import { aConnection, aTarget, collectedAt } from "../../../support/evidence-builder.ts";
import { metricView } from "../../../support/metric-scene.ts";

const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;

function told(users: readonly string[]) {
  const lines = users.flatMap((user, at) => {
    const time = new Date(Date.parse(collectedAt) - 1000 * (20 + users.length - at)).toISOString();
    const head = `${time.slice(0, 19).replace("T", " ")} UTC:10.0.0.7(54):${user}@shop:[${8000 + at}]:`;
    return [
      "ERROR:  canceling statement due to conflict with recovery",
      "DETAIL:  User query might have needed to see row versions that must be removed.",
      `STATEMENT:  SELECT region, sum(total) FROM orders WHERE made > '2026-01-0${1 + at}' GROUP BY region`,
    ].map((text) => head + text);
  });
  const view = metricView({
    self: { role: "replica", replicaOf: "orders-main" },
    context: { logs: [cleanLog({ ...portion, text: lines.join("\n") }, options)] },
    overrides: {
      target: aTarget({ role: "reader" }),
      connection: aConnection({ status: "not-tried" }),
      probes: [],
    },
  });
  return replicaQueryConflict.evaluate(view)[0];
}

describe("queries that replay has cancelled, by the log alone", () => {
  it("D4 are told with whose they are and the last of them, without its values", () => {
    const finding = told(["bi_reports", "etl", "bi_reports", "bi_reports"]);
    expect(finding).toMatchObject({ severity: "P2" });
    expect(finding?.evidence).toContainEqual({
      source: "error log",
      says: "of bi_reports 3 and etl 1, by the log's names; the last: SELECT region, sum(total) FROM orders WHERE made > ? GROUP BY region",
    });
  });
});
