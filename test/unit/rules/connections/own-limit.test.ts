import { describe, expect, it } from "vitest";
import { postgresOwnLimits } from "../../../../functions/core/probes/postgres/own-limits.ts";
import { postgresOwnLimitsRows } from "../../../../functions/core/probes/postgres/own-limits-rows.ts";
import { connectionsNearLimit } from "../../../../functions/core/rules/connections/connections-near-limit.ts";
import { tooManyConnections } from "../../../../functions/core/rules/connections/too-many-connections.ts";
import { aProbe, aView, someEvidence } from "../../../support/evidence-builder.ts";

function found(
  used: number,
  of: "role" | "database" = "role",
  rule: Pick<typeof tooManyConnections | typeof connectionsNearLimit, "evaluate"> = tooManyConnections,
) {
  const { probes } = someEvidence();
  const row = { of, name: "shop", used, limit: 12 };
  const overrides = { probes: [...probes, aProbe(postgresOwnLimitsRows.id, [row])] };
  return rule.evaluate(aView({ overrides }));
}

describe("too-many-connections of one role or database", () => {
  it("D4 P2 is told where a limit of its own is used up while the server has room", () => {
    expect(found(12)).toMatchObject([
      { subject: "role:shop", severity: "P2", summary: expect.stringContaining("12 of the 12"), actions: [] },
    ]);
    expect(found(13, "database")).toMatchObject([{ subject: "database:shop" }]);
  });

  it("D4 a role that may have none is shut out on purpose", () => {
    const { probes } = someEvidence();
    const row = { of: "role", name: "old_app", used: 0, limit: 0 };
    const overrides = { probes: [...probes, aProbe(postgresOwnLimitsRows.id, [row])] };
    expect(tooManyConnections.evaluate(aView({ overrides }))).toEqual([]);
  });

  it("P2 is asked at the first look, in which a refused client is to be explained", () => {
    expect(postgresOwnLimits.tier).toBe("immediate");
  });

  it("D4 is silent while one more may come", () => {
    expect(found(11)).toEqual([]);
  });

  it("D4 few that are left of it are worth knowing", () => {
    expect(found(11, "database", connectionsNearLimit)).toMatchObject([
      {
        severity: "P3",
        summary: expect.stringContaining("11 of the 12 connections that it may have of its own"),
      },
    ]);
    expect(found(5, "database", connectionsNearLimit)).toEqual([]);
    expect(found(12, "database", connectionsNearLimit)).toEqual([]);
  });
});
