import { describe, expect, it } from "vitest";
import type { DatabaseContext } from "../../../../functions/core/contract/context.ts";
import type { ProbeResult } from "../../../../functions/core/contract/evidence.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import { dominantStatement } from "../../../../functions/core/facts/workload.ts";
import { expensiveStatement as rule } from "../../../../functions/core/rules/queries/expensive-statement.ts";
import { aProbe } from "../../../support/evidence-builder.ts";
import { aRunning } from "../../../support/forest-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const search = "SELECT id FROM listings WHERE lower(text) LIKE ? ORDER BY id DESC LIMIT ?";
const missing = { reason: "pg_stat_statements is not installed in this database", howToSee: null } as const;

interface Look {
  readonly query?: string;
  readonly each?: Partial<Session>;
  readonly statistics?: ProbeResult["status"];
  readonly load?: DatabaseContext["load"];
}

/** So many sessions run it beside three others on four vCPUs, and the statistics of statements are not to be had. */
function looked(
  count: number,
  { query = search, each = {}, statistics = "skipped", load = null }: Look = {},
) {
  const view = metricView({
    self: { vcpus: 4 },
    values: { CPUUtilization: held(98) },
    context: { load },
    sessions: [
      ...Array.from({ length: count }, (_, at) => aRunning(at + 1, 4 + at / 10, { query, ...each })),
      ...[91, 92, 93].map((id) => aRunning(id, 0.1, { query: `SELECT name FROM shops_${id} WHERE id = ?` })),
    ],
  });
  const { evidence } = view;
  const top = aProbe("postgres-top-statements", [], { status: statistics, ...missing, tier: "performance" });
  const blind = { ...view, evidence: { ...evidence, probes: [...evidence.probes, top] } };
  return { findings: rule.evaluate(blind), dominant: dominantStatement(blind) };
}

describe("what many sessions run where no statistics of statements are kept", () => {
  it("D4 is named as what costs most, and explains the CPU that it takes", () => {
    const { findings, dominant } = looked(20);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: "P2", actions: [] });
    expect(findings[0]?.summary).toContain(
      `20 sessions run it just now, and no statistics of statements could be read: ${search}`,
    );
    expect(findings[0]?.summary).toContain("it keeps 20 sessions busy on 4 vCPUs in this one look");
    expect(JSON.stringify(findings[0]?.evidence)).toContain("FROM listings");
    expect(findings[0]?.explains.map(({ cause }) => cause)).toContain("cpu-saturated");
    expect(dominant).toMatchObject({ query: search, source: "postgres-sessions" });
    expect(Math.round(dominant?.percent ?? 0)).toBe(87);
  });

  it("D4 is told with what Performance Insights has of it, whatever it calls the values", () => {
    const share = (name: string, load: number, cpu: number) => ({
      ...{ name, id: null, load },
      waits: [
        { name: "CPU", load: load * cpu },
        { name: "IO:DataFileRead", load: load * (1 - cpu) },
      ],
    });
    const told = (text: string, cpu: number) => {
      const items = [share(text, 18, cpu), share("SELECT name FROM shops WHERE id = ?", 2, 1)];
      return looked(20, { load: [{ by: "statement", items }] }).findings[0]?.summary;
    };
    const its = search.replace("LIKE ?", "LIKE $1").replace("LIMIT ?", "LIMIT $2");
    expect(told(its, 0.9)).toContain(
      "20 sessions run it just now, and Performance Insights has 90 % of the load in it: ",
    );
    expect(told(its, 0.9)).toContain(", in CPU (90 % of its load, by Performance Insights)");
    expect(told(its, 0.3)).toContain("in work of its own");
    expect(told("SELECT 1", 0.9)).toContain("no statistics of statements could be read");
  });

  it("D4 is told of short calls only where Performance Insights has much of the load in them", () => {
    const told = (load: number) => {
      const items = [
        { name: search, id: null, load, waits: [{ name: "CPU", load }] },
        { name: "SELECT 1", id: null, load: 4, waits: [{ name: "CPU", load: 4 }] },
      ];
      const each = { statementSeconds: 0.2, stateSeconds: 0.2 };
      return looked(20, { each, load: [{ by: "statement", items }] }).findings.length;
    };
    expect(told(5)).toBe(1);
    expect(told(2)).toBe(0);
  });

  it.each<[string, number, Look]>([
    ["of two sessions alone, which may be reports", 2, {}],
    ["of workers of one report", 20, { each: { kind: "parallel-worker", leaderId: 91 } }],
    ["that waits for locks", 20, { each: { waitEvent: "Lock/transactionid" } }],
    ["that waits for its clients", 20, { each: { waitEvent: "Client/ClientWrite" } }],
    ["of writes, which may wait for a row unseen", 20, { query: "UPDATE seats SET taken = ? WHERE id = ?" }],
    ["of lookups that are short, which one look meets first", 20, { each: { statementSeconds: 0.004 } }],
    ["of a look that did not ask for statistics", 20, { statistics: "ok" }],
  ])("D3 is nobody's load %s", (_what, count, look) => {
    expect(looked(count, look)).toEqual({ findings: [], dominant: null });
  });
});
