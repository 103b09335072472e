import { describe, expect, it } from "vitest";
import { planRegression as rule } from "../../../../functions/core/rules/queries/plan-regression.ts";
import { aStatement, busy, lookedDeeper } from "../../../support/statement-builder.ts";

const found = (jitPercent: number, meanSeconds = 0.25) =>
  rule.evaluate(
    lookedDeeper({
      "postgres-top-statements": [
        aStatement({ user: "shop", now: { ...aStatement().now, ...busy, meanSeconds, jitPercent } }),
      ],
    }),
  )[0];

describe("plan-regression, of compiled statements", () => {
  it("P8 tells a statement that spends half of its time on being compiled, if a call takes long enough", () => {
    expect(found(49)).toBeUndefined();
    expect(found(50, 0.04)).toBeUndefined();
    expect(found(50)).toMatchObject({ severity: "P2", confidence: 0.9 });
    expect(found(71)?.summary).toContain("71 % of its time on being compiled (JIT)");
  });

  it("A24 turns it off for the role that runs it", () => {
    expect(found(50)?.actions.map(({ preview }) => preview)).toEqual(["ALTER ROLE shop SET jit = off"]);
  });
});
