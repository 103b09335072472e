import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { expensiveStatement } from "../../../../functions/core/rules/queries/expensive-statement.ts";
import { cacheTooSmall } from "../../../../functions/core/rules/resources/cache-too-small.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const search = "SELECT id FROM products WHERE attributes ->> ? = ?";

function outside(
  waits: Readonly<Record<string, number>>,
  scene: MetricScene = {},
  name = search,
  users: readonly [string, number][] = [],
) {
  const items = Object.entries(waits).map(([wait, load]) => ({ name: wait, id: null, load, waits: [] }));
  const load = Object.values(waits).reduce((sum, each) => sum + each, 0);
  const dimensions: LoadDimension[] = [
    { by: "wait-event", items },
    {
      by: "statement",
      items: [
        {
          name,
          id: null,
          load,
          waits: Object.entries(waits).map(([wait, each]) => ({ name: wait, load: each })),
        },
      ],
    },
    { by: "user", items: users.map(([user, each]) => ({ name: user, id: null, load: each, waits: [] })) },
  ];
  const view = metricView({
    self: { vcpus: 4 },
    values: { DBLoad: held(load), ...scene.values },
    ...(scene.readings === undefined ? {} : { readings: scene.readings }),
    context: { load: dimensions },
  });
  return { ...view, server: null, connections: null, sessions: null, forests: null };
}

describe("one statement that makes the load, seen from outside", () => {
  it("D4 is told with its share and its resource, and nothing is done to it", () => {
    const [finding] = expensiveStatement.evaluate(outside({ "IO:DataFileRead": 24, CPU: 3 }));
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain(
      "100 % of a load of 27 on 4 vCPUs for 10 min, by pages that are not in memory",
    );
    expect(finding?.summary).toContain("FROM products");
    expect(expensiveStatement.evaluate(outside({ CPU: 20 }))[0]?.summary).toContain("by the CPU");
  });

  it("D2 few that wait in the storage engine are not told to read pages", () => {
    const says = (waits: Readonly<Record<string, number>>) =>
      expensiveStatement.evaluate(outside(waits))[0]?.evidence[0]?.says;
    expect(says({ CPU: 25, "io/table/sql/handler": 2 })).toBe(
      "27 sessions at a time run it, 93 % want a CPU; how it is planned could not be seen",
    );
    expect(says({ CPU: 17, "io/table/sql/handler": 10 })).toContain("37 % of them read pages, 63 % want");
  });

  it("D4 is told where it keeps all CPUs busy, too, and not where others want them more", () => {
    const busy = (waits: Readonly<Record<string, number>>, wanted: number, cpu = 97) => {
      const values = { CPUUtilization: held(cpu), DBLoadCPU: held(wanted) };
      return expensiveStatement.evaluate(outside(waits, { values }));
    };
    const [finding] = busy({ CPU: 6 }, 6);
    expect(finding?.summary).toContain("100 % of a load of 6 on 4 vCPUs for 10 min, by the CPU");
    expect(finding?.explains.map(({ cause }) => cause)).toContain("cpu-saturated");
    expect(busy({ CPU: 6 }, 6, 60)).toEqual([]);
    expect(busy({ CPU: 2, "IO:DataFileRead": 4 }, 6)).toEqual([]);
  });

  it("D4 is told where it takes half of all CPUs that are far busier than usual, though nobody queues for them", () => {
    const day = (cpu: number) => ({ CPUUtilization: { baselineDay: cpu, baselineWeek: cpu } });
    const busy = (wanted: number, all: number, usual: number) => {
      const values = { CPUUtilization: held(92), DBLoadCPU: held(all), DBLoad: held(all + 0.3) };
      return expensiveStatement.evaluate(outside({ CPU: wanted }, { values, readings: day(usual) }));
    };
    expect(busy(3, 3.6, 22)[0]?.summary).toContain("on 4 vCPUs for 10 min, by the CPU");
    expect(busy(3, 3.6, 90)).toEqual([]);
    expect(busy(1.6, 2.8, 22)).toEqual([]);
    expect(busy(1.8, 4.2, 22)).toEqual([]);
  });

  it("D4 names the user who takes most of the load, and nobody where it is spread or the server's own", () => {
    const said = (...users: [string, number][]) =>
      expensiveStatement.evaluate(outside({ CPU: 20 }, {}, search, users))[0]?.summary;
    expect(said(["metabase", 18], ["shop", 2])).toContain("(user metabase makes 90 % of the load");
    expect(said(["metabase", 9], ["shop", 9])).not.toContain("user");
    expect(said(["rdsadmin", 18])).not.toContain("user");
  });

  it("D4 is none of it where it waits, writes, is as ever, or storage is what is short", () => {
    expect(expensiveStatement.evaluate(outside({ "Lock:transactionid": 24, CPU: 3 }))).toEqual([]);
    expect(expensiveStatement.evaluate(outside({ CPU: 5 }))).toEqual([]);
    expect(expensiveStatement.evaluate(outside({ CPU: 20 }, {}, "INSERT INTO a SELECT * FROM b"))).toEqual(
      [],
    );
    expect(expensiveStatement.evaluate(outside({ CPU: 20 }, {}, "autovacuum: VACUUM a"))).toEqual([]);
    const readings = { DBLoad: { baselineDay: 20, baselineWeek: 21 } };
    expect(expensiveStatement.evaluate(outside({ CPU: 20 }, { readings }))).toEqual([]);
    const values = { ReadLatency: held(0.05), ReadIOPS: held(900) };
    expect(expensiveStatement.evaluate(outside({ "IO:DataFileRead": 24 }, { values }))).toEqual([]);
  });

  it("D4 is why a cache is missed: a larger one would not help, and it is not said that nothing waits", () => {
    const values = { BufferCacheHitRatio: held(70), ReadIOPS: held(20_000) };
    const [finding] = cacheTooSmall.evaluate(outside({ "IO:DataFileRead": 24, CPU: 3 }, { values }));
    expect(finding).toMatchObject({ severity: "P3", actions: [] });
    expect(finding?.summary).toContain("a larger cache would not help: SELECT id FROM products");
  });
});
