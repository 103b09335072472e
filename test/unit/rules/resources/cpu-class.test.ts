import { describe, expect, it } from "vitest";
import { nobodys } from "../../../../functions/core/facts/insights.ts";
import { cpuSaturated } from "../../../../functions/core/rules/resources/cpu-saturated.ts";
import { aConnection } from "../../../support/evidence-builder.ts";
import { held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const engine = { instanceClass: "db.m5.xlarge", vcpus: 4 };

/** What is shown of the larger class: the call, or why there is none. */
function shown(scene: MetricScene = {}): string | undefined {
  const view = metricView({ ...scene, self: engine, values: { CPUUtilization: held(98), ...scene.values } });
  const outside = { ...view, server: null, connections: null, sessions: null, forests: null };
  return cpuSaturated.evaluate(outside)[0]?.actions[0]?.preview;
}

function loadBy(...shares: readonly number[]): MetricScene {
  const items = shares.map((load, index) => {
    const name = `SELECT a FROM t${index} WHERE b = ?`;
    return { name, id: null, load, waits: [{ name: "CPU", load }] };
  });
  return { context: { load: [{ by: "statement", items }] } };
}

const received = (usual: number, answeredAsRule = 2 * usual) => ({
  values: { NetworkReceiveThroughput: held(3e6), NetworkTransmitThroughput: held(6e6) },
  readings: {
    NetworkReceiveThroughput: { latest: 3e6, baselineDay: usual, baselineWeek: usual },
    NetworkTransmitThroughput: { latest: 6e6, baselineDay: answeredAsRule, baselineWeek: answeredAsRule },
  },
});

describe("what the clients ask for", () => {
  const said = (connections: number, usual: number) => {
    const { values, readings } = received(usual);
    const view = metricView({
      self: engine,
      values: { CPUUtilization: held(98), DatabaseConnections: held(connections), ...values },
      readings: { ...readings, DatabaseConnections: { baselineDay: 96, baselineWeek: 95 } },
    });
    return cpuSaturated
      .evaluate(view)[0]
      ?.evidence.map(({ says }) => says)
      .join("\n");
  };

  it("D2 is told beside a full CPU, with how many they are, where both have grown", () => {
    expect(said(318, 0.9e6)).toContain("2.9 MiB a second come in from clients");
    expect(said(318, 0.9e6)).toContain("318 connections; 96 a day ago and 95 a week ago at this time");
  });

  it("D3 is not told where they ask for what they always did, nor their number where it is as ever", () => {
    expect(said(318, 2.9e6)).not.toContain("ask for more");
    expect(said(98, 0.9e6)).not.toContain("98 connections");
  });
});

describe("who makes the load of a full CPU", () => {
  const said = (users: Readonly<Record<string, number>>, ...statements: readonly number[]) => {
    const items = Object.entries(users).map(([name, load]) => ({ name, id: null, load, waits: [] }));
    const load = [...(loadBy(...statements).context?.load ?? []), { by: "user" as const, items }];
    const view = metricView({ self: engine, values: { CPUUtilization: held(98) }, context: { load } });
    return cpuSaturated.evaluate({ ...view, sessions: null })[0]?.summary;
  };

  it("D2 is said at once where no statement stands out and one account of several does", () => {
    const partner = { partner_sync: 6.6, shop: 1.9, worker: 0.5 };
    expect(said(partner, 0.9, 0.9, 0.8)).toContain(
      "; user partner_sync makes 73 % of the load, 6.6 sessions at a time",
    );
    expect(said(partner, 7, 0.9)).not.toContain("partner_sync");
    expect(said({ shop: 9 }, 0.9, 0.9, 0.8)).not.toContain("user shop");
    expect(said({ a: 3, b: 3, c: 3 }, 0.9, 0.9, 0.8)).not.toContain("user");
  });
});

describe("the larger class for a full CPU", () => {
  it("D11 is offered where many statements share it, or the clients ask for more than as a rule", () => {
    expect(shown(loadBy(2, 2, 2, 2))).toContain("modify-db-instance");
    expect(shown(received(1e6))).toContain("modify-db-instance");
  });

  it("D11 is told without a call where nobody saw what takes it, or one statement does", () => {
    expect(shown()).toContain("no statement was seen that takes it");
    expect(shown(received(2.9e6))).toContain("no statement was seen that takes it");
    // An import: what comes in is more, and what goes out is not.
    expect(shown(received(1e6, 5.5e6))).toContain("no statement was seen that takes it");
    expect(shown(loadBy(7, 2))).toContain("one statement takes 78 % of the time (SELECT a FROM t0");
    expect(shown({ ...received(1e6), ...loadBy(7, 2) })).toContain("one statement takes 78 %");
  });
});

describe("the larger class while a reader is being created", () => {
  const beside = (reader: NonNullable<MetricScene["others"]>[number]) =>
    shown({ ...received(1e6), others: [{ id: "orders-r1", role: "reader", ...reader }] });

  it("A20 waits for what the reader takes over", () => {
    expect(beside({ status: "creating" })).toContain(
      "# No call is shown: orders-r1 is being created: first see",
    );
  });

  it("A20 does not wait for one that is there, is taken away, or is made in another Region", () => {
    expect(beside({ status: "available" })).toContain("modify-db-instance");
    expect(beside({ status: "deleting" })).toContain("modify-db-instance");
    expect(beside({ status: "creating", here: false })).toContain("modify-db-instance");
  });
});

describe("the larger class for many more statements, by Aurora's count", () => {
  const asked = (times: number, cpu = 34) => ({
    values: { Queries: held(4000 * times), NetworkReceiveThroughput: held(3e6) },
    readings: {
      Queries: { latest: 4000 * times, baselineDay: 4000, baselineWeek: 3900 },
      CPUUtilization: { latest: 98, baselineDay: cpu, baselineWeek: cpu },
      NetworkReceiveThroughput: { latest: 3e6, baselineDay: 1e6, baselineWeek: 1e6 },
    },
  });

  it("D11 is no answer where it would be full of them, too, and is one where it would not", () => {
    expect(shown(asked(6))).toContain("6 times the statements of this hour come in");
    expect(shown(asked(2.5))).toContain("modify-db-instance");
    expect(shown(asked(6, 20))).toContain("modify-db-instance");
  });
});

describe("a full CPU where Aurora counts the statements", () => {
  const told = (queries: number) =>
    cpuSaturated.evaluate(
      metricView({
        self: engine,
        values: { CPUUtilization: held(98), Queries: held(queries) },
        readings: { Queries: { latest: queries, baselineDay: 4000, baselineWeek: 4100 } },
      }),
    )[0]?.summary;

  it("D2 says that more of them come, and nothing of as many as ever", () => {
    expect(told(24_450)).toContain("; 24450 statements a second, 4100 as a rule");
    expect(told(4200)).not.toContain("statements a second");
  });
});

describe("a full CPU that lets nobody in", () => {
  it("D3 explains that nobody gets in, and no storm of connections, which may be what fills it", () => {
    const connection = aConnection({ status: "not-connected", failedStep: "handshake" });
    const values = { CPUUtilization: held(99), DBLoadCPU: held(12) };
    const [finding] = cpuSaturated.evaluate(metricView({ self: engine, values, overrides: { connection } }));
    const causes = finding?.explains.map(({ cause }) => cause);
    expect(causes).toContain("database-unreachable");
    expect(causes).not.toContain("connection-storm");
  });

  it("D4 is no statement's work where it is everybody's commits, or a vacuum of the server's", () => {
    expect(["COMMIT", "autovacuum: VACUUM public.t", "checkpoint"].every((name) => nobodys.test(name))).toBe(
      true,
    );
    expect(["SELECT committed FROM t", "VACUUM t"].some((name) => nobodys.test(name))).toBe(false);
  });
});
