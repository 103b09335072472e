import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aMetric, anAlarm } from "../../../support/evidence-builder.ts";
import { aPlan, aStatement, lookedDeeper } from "../../../support/statement-builder.ts";

const inner = "SELECT sum(nights) FROM stays WHERE guest_ref = p_guest";
const scan = aPlan({
  ...{ queryId: "2", user: "shop", query: inner },
  suggestions: [
    {
      ...{ schema: "public", table: "stays", columns: ["guest_ref"], costWithIndex: null },
      createIndex: "CREATE INDEX CONCURRENTLY ON public.stays (guest_ref)",
      why: "public.stays (250000 rows) is read whole for 6 rows",
    },
  ],
});
const dear = (averageSessions: number, percentOfTime: number) => ({
  now: { averageSessions, callsPerSecond: 20, meanSeconds: 0.3, percentOfTime },
  sinceReset: { meanSeconds: 0.3, totalSeconds: 3000 },
});

function roots(...callers: { query: string; sessions: number; user?: string }[]) {
  const statements = callers.map(({ query, sessions, user = "shop" }, at) =>
    aStatement({ queryId: `${10 + at}`, user, query, ...dear(sessions, 48) }),
  );
  const nested = aStatement({ queryId: "2", query: inner, topLevel: false, ...dear(5.8, 47) });
  const rows = { "postgres-plans": [scan], "postgres-top-statements": [...statements, nested] };
  const values = Array.from({ length: 15 }, () => 97);
  const overrides = { signal: anAlarm("CPUUtilization"), metrics: [aMetric("CPUUtilization", values)] };
  return diagnose(lookedDeeper(rows, { overrides }).evidence, defaultSettings).rootCauses;
}
const index = "missing-index:public.stays (guest_ref)";

describe("a function of PostgreSQL whose inner statement reads a table whole", () => {
  it("D3 explains the call that clients send, by its time", () => {
    expect(roots({ query: "SELECT nights_of($1, $2)", sessions: 6 })).toEqual([index]);
  });

  it.each([
    ["another user's", { query: "SELECT nights_of($1)", sessions: 6, user: "reports" }],
    [
      "one whose time mostly goes elsewhere",
      { query: "SELECT * FROM a, b WHERE f(a.x) = b.y", sessions: 14, user: "shop" },
    ],
  ])("D3 does not explain %s", (_what, caller) => {
    expect(roots(caller)).toContain(`expensive-statement:${caller.user}/10`);
  });

  it("D3 explains none of two that it may be of", () => {
    const query = "SELECT nights_of($1, $2)";
    const both = roots({ query, sessions: 6 }, { query: "SELECT count(*) FROM a, b", sessions: 6 });
    expect(both).toEqual(expect.arrayContaining([index, "expensive-statement:shop/10"]));
  });
});
