import { describe, expect, it } from "vitest";
import { limitPostgresIdleTransactions } from "../../../functions/core/remedies/postgres-timeout-remedies.ts";
import { lookedDeeper } from "../../support/statement-builder.ts";

const setting = "idle_in_transaction_session_timeout";
const proposedWith = (overrides: readonly string[] | null) => {
  const row = {
    ...{ name: setting, value: "0", unit: "ms", bytes: null, seconds: 0, source: "default", context: null },
    ...{ bootValue: null, pendingRestart: false, overrides: [...(overrides ?? [])] },
  };
  const view = lookedDeeper(overrides === null ? {} : { "postgres-settings": [row] });
  return limitPostgresIdleTransactions(view, "shop", 60);
};

describe("limits for a role of PostgreSQL", () => {
  it("A6 carries what the role has for itself, and says it", () => {
    const [proposed] = proposedWith([`shop@*=15min`]);
    expect(proposed?.input).toMatchObject({ name: "shop", value: "60s", from: "15min" });
    expect(proposed?.describes).toContain("in place of its own of 15min");
    expect(proposedWith(["other@*=5s"])[0]?.input).toMatchObject({ from: null });
  });

  it("A6 is not proposed against a shorter one, or none on purpose", () => {
    for (const own of ["30s", "0", "0s"]) expect(proposedWith([`shop@*=${own}`])).toEqual([]);
  });

  it("A6 says nothing of what was not seen, or is one of too many", () => {
    expect(proposedWith(null)[0]?.input).not.toHaveProperty("from");
    const many = Array.from({ length: 20 }, (_, at) => `a${at}@*=1s`);
    expect(proposedWith(many)[0]?.input).not.toHaveProperty("from");
  });
});
