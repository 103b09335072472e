import { describe, expect, it } from "vitest";
import { largestTables } from "../../../functions/core/facts/largest-tables.ts";
import { storageLow } from "../../../functions/core/rules/resources/storage-low.ts";
import { metricView } from "../../support/metric-scene.ts";
import { aTable, lookedDeeper } from "../../support/statement-builder.ts";

const gib = 1024 ** 3;
const audit = aTable({
  ...{ schema: "audit", table: "logged_actions", bytes: 40 * gib, indexBytes: 2 * gib },
  ...{ changedSinceAnalyze: 90_000, lastAutoanalyzeSeconds: 600 },
});
const small = aTable({ table: "policies", bytes: gib, indexBytes: 0 });

describe("the largest tables", () => {
  const told = (...tables: ReturnType<typeof aTable>[]) =>
    largestTables(lookedDeeper({ "postgres-tables": tables }));

  it("P9 are named with indexes, out-of-line values, and what was written to them; small ones are not", () => {
    const quiet = aTable({ table: "letters", bytes: gib, indexBytes: 0, changedSinceAnalyze: 0 });
    const toast = aTable({
      ...{ schema: "pg_toast", table: "pg_toast_16400", kind: "toast", toastOf: "public.letters" },
      ...{ bytes: 9 * gib, indexBytes: 0 },
    });
    expect(told(small, toast, quiet, audit)).toBe(
      "the largest tables of database shop, as of their last vacuum or analyze: audit.logged_actions 42 GiB (90000 rows added or changed in the 10 min since it was analyzed) and public.letters 10 GiB",
    );
  });

  it("P9 are none where none were seen", () => {
    expect(told()).toBeNull();
    expect(largestTables(lookedDeeper({}))).toBeNull();
  });

  it("D2 are what storage that runs out shows as well", () => {
    const values = { FreeStorageSpace: Array.from({ length: 12 }, (_, minute) => (12 - minute / 4) * gib) };
    const view = metricView({ values, probes: { "postgres-tables": [audit, small] } });
    const [finding] = storageLow.evaluate(view);
    expect(finding?.evidence.map(({ says }) => says).join("\n")).toContain("audit.logged_actions 42 GiB");
  });
});
