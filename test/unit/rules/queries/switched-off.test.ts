import { describe, expect, it } from "vitest";
import { expensiveStatement } from "../../../../functions/core/rules/queries/expensive-statement.ts";
import { aPlan, aStatement, lookedDeeper } from "../../../support/statement-builder.ts";

const query = "SELECT sum(l.n) FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.buyer = $1";
const now = { averageSessions: 2.5, callsPerSecond: 28, meanSeconds: 0.09, percentOfTime: 99 };
const told = (
  setting: { name?: string; value?: string; source?: string; overrides?: string[] },
  also: { name: string; overrides?: string[] } | null = null,
) => {
  const row = {
    ...{ name: "enable_nestloop", value: "on", unit: null, bytes: null, seconds: null, source: "default" },
    ...{ context: "user", bootValue: "on", pendingRestart: false, overrides: [], ...setting },
  };
  const view = lookedDeeper({
    "postgres-top-statements": [aStatement({ query, now, user: "shop", database: "app" })],
    "postgres-plans": [
      aPlan({ query, spends: "71 % of its plan's cost: a Nested Loop of 5 rows with 9 each" }),
    ],
    "postgres-settings": [row, ...(also === null ? [] : [{ ...row, ...also }])],
  });
  const [finding] = expensiveStatement.evaluate(view);
  return { severity: finding?.severity, says: finding?.evidence.map(({ says }) => says).join("\n") };
};

describe("a statement whose planner may not take the way that would be quickest", () => {
  it.each([
    ["role shop", "P2", { overrides: ["shop@*=off"] }],
    ["role shop", "P2", { overrides: ["*@app=on", "shop@app=OFF"] }],
    // The plan that is seen is made under it as well: whether it is worse is not known.
    ["database app", "P3", { overrides: ["*@app=f"] }],
    ["the whole server", "P3", { value: "off", source: "configuration file" }],
  ])(
    "D4 hurts however quick each call where the plan for others goes that way, and is told: %s",
    (whom, weight, setting) => {
      const { severity, says } = told(setting);
      expect(severity).toBe(weight);
      expect(says).toContain(`enable_nestloop is off for ${whom}`);
      expect(says).toContain("RESET enable_nestloop");
    },
  );

  it("D4 is told of each of several, and hurts by the one that its plan would take", () => {
    const other = { name: "enable_bitmapscan", overrides: ["shop@*=off"] };
    const { severity, says } = told({ overrides: ["shop@*=off"] }, other);
    expect(severity).toBe("P2");
    expect(says).toContain("enable_nestloop is off for role shop");
    expect(says).toContain("enable_bitmapscan is off for role shop");
  });

  it("D4 is a remark where the plan for others goes another way", () => {
    const { severity, says } = told({ name: "enable_mergejoin", overrides: ["shop@*=off"] });
    expect(severity).toBe("P3");
    expect(says).toContain("enable_mergejoin is off for role shop");
  });

  it.each([
    ["it is off for another role", { overrides: ["reports@*=off"] }],
    ["it is off in another database", { overrides: ["*@archive=off"] }],
    ["it is on for it on purpose", { overrides: ["*@app=off", "shop@*=on"] }],
    [
      "it is on for it, and off for the server",
      { value: "off", source: "configuration file", overrides: ["shop@*=on"] },
    ],
    ["the probing user's own database has it off", { value: "off", source: "database" }],
  ])("D4 is none where %s", (_name, setting) => {
    expect(told(setting)).toMatchObject({
      severity: "P3",
      says: expect.not.stringContaining("enable_nestloop"),
    });
  });
});
