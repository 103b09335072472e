import { describe, expect, it } from "vitest";
import { wraparoundRisk as rule } from "../../../../functions/core/rules/vacuum/wraparound-risk.ts";
import { lookedDeeper } from "../../../support/statement-builder.ts";

describe("wraparound-risk", () => {
  const database = {
    kind: "database",
    name: "shop",
    xidAge: 100_000_000,
    multixactAge: 0,
    freezeMaxAge: 200_000_000,
    multixactFreezeMaxAge: 400_000_000,
    percentUsed: 4.7,
    xidsLeft: 2_000_000_000,
    bytes: null,
    toastOf: null,
  };
  const used = (percentUsed: number) => {
    const xidAge = Math.round((percentUsed / 100) * 2_144_483_648);
    return { ...database, percentUsed, xidAge, xidsLeft: 2_144_483_648 - xidAge };
  };
  const findingsOf = (...rows: object[]) =>
    rule.evaluate(lookedDeeper({ "postgres-vacuum-wraparound": JSON.parse(JSON.stringify(rows)) }));

  it.each([
    [45.9, "P3"],
    [46, "P2"],
    [74.9, "P2"],
    [75, "P1"],
    [97.9, "P1"],
    [98, "P0"],
  ])("D6 at %s %% of the ids is %s", (percent, severity) => {
    expect(findingsOf(used(percent))[0]).toMatchObject({ severity });
  });

  it("D4 says nothing of a database that is a little older than the limit at which freezing begins", () => {
    expect(findingsOf(used(10.5))).toEqual([]);
    expect(findingsOf(database)).toEqual([]);
  });

  it("A8 freezes the oldest table, and that of a TOAST table", () => {
    const toast = { ...used(80), kind: "table", name: "pg_toast.pg_toast_77", toastOf: "public.Orders" };
    const [finding] = findingsOf(toast, used(80));
    expect(finding).toMatchObject({ subject: "shop" });
    expect(finding?.actions[0]?.preview).toBe('VACUUM (FREEZE, VERBOSE) public."Orders"');
  });
});
