import { expect, it } from "vitest";
import type { ProbeResult } from "../../../functions/core/contract/evidence.ts";
import { fitWithin } from "../../../functions/core/probes/fit-within.ts";
import { someEvidence } from "../../support/evidence-builder.ts";

const long = "x".repeat(400);

function probe(id: string, rows: ProbeResult["rows"]): ProbeResult {
  return {
    ...{ id, spec: ["P4"], tier: "immediate", status: "ok", reason: null, howToSee: null },
    ...{ rows, rowCount: rows.length, truncated: false, tookMs: 1, statements: 1 },
  };
}

function fitted(...probes: readonly ProbeResult[]) {
  const { target, collectedAt, connection } = someEvidence();
  const report = { schema: "probe-report.v1" as const, target, collectedAt, connection };
  const size = JSON.stringify({ ...report, probes: [] }).length;
  return fitWithin({ ...report, probes: [...probes] }, size + 3000).probes;
}

it("Q3 a report that is too large keeps who waits for whom, an answer of one row, and cuts the lists", () => {
  const forest = probe("locks", [{ nodes: [long, long, long, long] }]);
  const list = probe(
    "statements",
    Array.from({ length: 20 }, (_, n) => ({ n, long: long.slice(0, 100) })),
  );
  const [kept, cut] = fitted(forest, list);
  expect(kept).toEqual(forest);
  expect(cut).toMatchObject({ truncated: true, status: "ok" });
  expect(cut?.rows.length).toBeLessThan(20);
});

it("Q3 an answer of one row that is too large by itself fails, and does not read as nothing found", () => {
  const [alone] = fitted(probe("locks", [{ nodes: Array.from({ length: 20 }, () => long) }]));
  expect(alone).toMatchObject({ status: "failed", rows: [] });
});
