import { describe, expect, it } from "vitest";
import {
  limitPostgresIdleTransactions,
  setPostgresLimit,
} from "../../../functions/core/remedies/postgres-timeout-remedies.ts";
import { aGroup } from "../../support/evidence-builder.ts";
import { aRunning } from "../../support/forest-builder.ts";
import { aStatement, lookedDeeper } from "../../support/statement-builder.ts";

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

describe("a limit for the statements of the role that most connections use", () => {
  const groups = [aGroup(30, { user: "shop" }), aGroup(2, { user: "etl" })];
  const proposed = (statement: object, scene: object = {}) =>
    setPostgresLimit(
      lookedDeeper(
        { "postgres-top-statements": [aStatement(statement)] },
        { groups, sessions: [], ...scene },
      ),
      { name: "statement_timeout", what: "statements" },
    );
  const upTo = (maxSeconds: number) => ({ user: "shop", sinceReset: { maxSeconds } });

  it("A6 is proposed where all that it runs is far shorter", () => {
    expect(proposed(upTo(4))).toMatchObject([{ input: { name: "shop", value: "60s" } }]);
    expect(proposed({ ...upTo(90), user: "etl" })).toHaveLength(1);
  });

  it("A6 is not proposed against what it runs, nor where that was not seen", () => {
    expect(proposed(upTo(90))).toEqual([]);
    expect(proposed(upTo(4), { sessions: [aRunning(1, 75, { user: "shop" })] })).toEqual([]);
    const unseen = lookedDeeper({}, { groups, sessions: [] });
    expect(setPostgresLimit(unseen, { name: "statement_timeout", what: "statements" })).toEqual([]);
  });

  it("A6 names the other applications of the role, which it holds for as well", () => {
    const [alone] = proposed(upTo(4));
    expect(alone?.consequence).toMatch(/^New sessions only\. /);
    const jobs = ["a", "b", "c", "d", "e"].map((application) => aGroup(1, { user: "shop", application }));
    const [shared] = proposed(upTo(4), { groups: [...groups, ...jobs] });
    expect(shared?.consequence).toContain("every application of the role (now a, b, c, d and 2 others). ");
  });

  it("A6 is not proposed for a role as which a backup signs in", () => {
    const dump = [...groups, aGroup(1, { user: "shop", application: "pg_dump" })];
    expect(proposed(upTo(4), { groups: dump })).toEqual([]);
  });
});
