import { describe, expect, it } from "vitest";
import type { RdsEvent } from "../../../../functions/core/contract/context.ts";
import type { Member } from "../../../../functions/core/contract/topology.ts";
import { failoverHappened } from "../../../../functions/core/rules/availability/failover-happened.ts";
import { cpuSaturated } from "../../../../functions/core/rules/resources/cpu-saturated.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const large = { instanceClass: "db.r6g.large", vcpus: 2 };
const former = { id: "main", role: "reader", instanceClass: "db.r6g.2xlarge", vcpus: 8 } as const;
const third = { id: "third", role: "reader", instanceClass: "db.r6g.large", vcpus: 2 } as const;
const usual = { latest: null, baselineDay: 9, baselineWeek: 9 };

function completed(minutesAgo: number, to = "orders-db"): RdsEvent {
  return anEvent(minutesAgo, "failover", `Completed failover to DB instance: ${to}`);
}

function viewOf(others: readonly Partial<Member>[], scene: MetricScene = {}) {
  return metricView({
    self: large,
    others,
    events: [completed(18)],
    values: { CPUUtilization: [...held(9, 4), ...held(99, 16)] },
    readings: { CPUUtilization: usual },
    overrides: { target: aTarget({ flavour: "aurora", clusterId: "shop", role: "writer" }) },
    ...scene,
  });
}

const cause = (of: ReturnType<typeof viewOf>) => failoverHappened.evaluate(of)[0];
const blamed = (of: ReturnType<typeof viewOf>) =>
  cause(of)?.explains.some((one) => one.cause === "cpu-saturated") ?? false;

describe("a failover to a smaller member", () => {
  it("D4 explains the CPU that is short since, and names the way back rather than a larger class", () => {
    const finding = cause(viewOf([former]));
    expect(finding?.summary).toContain(
      "; the writer is db.r6g.large (2 vCPUs) now, was db.r6g.2xlarge (8 vCPUs)",
    );
    expect(blamed(viewOf([former]))).toBe(true);
    const says = finding?.evidence.map((one) => one.says).join("\n");
    expect(says).toContain("as large as the former writer: main, available, its CPU not seen");
    expect(says).toContain(
      "failover-db-cluster --db-cluster-identifier shop --target-db-instance-identifier main",
    );
  });

  it("M3 takes what the reader did a day ago for no measure of the writer", () => {
    const asReader = { readings: { CPUUtilization: { ...usual, baselineDay: 99, baselineWeek: 99 } } };
    const [busy] = cpuSaturated.evaluate(viewOf([former], asReader));
    expect(busy).toMatchObject({ severity: "P1" });
    expect(busy?.summary).not.toContain("a day ago");
    const [asEver] = cpuSaturated.evaluate(viewOf([former], { ...asReader, events: [] }));
    expect(asEver?.summary).toContain("a day ago");
  });

  it("D3 blames no failover to a member as large, nor one away from here, nor a load that was there before", () => {
    const alike = viewOf([{ ...former, ...large }]);
    expect(blamed(alike)).toBe(false);
    expect(cause(alike)?.summary).not.toContain("the writer is");
    expect(blamed(viewOf([former], { events: [completed(18, "main")] }))).toBe(false);
    expect(
      blamed(viewOf([former], { events: [completed(2)], values: { CPUUtilization: held(99, 30) } })),
    ).toBe(false);
    expect(blamed(viewOf([former], { events: [] }))).toBe(false);
  });

  it("D6 says nothing of a class where it cannot be told who was the writer, or how large", () => {
    expect(blamed(viewOf([former, third]))).toBe(false);
    expect(blamed(viewOf([{ ...former, instanceClass: "db.serverless", vcpus: null }]))).toBe(false);
    expect(blamed(viewOf([{ ...former, createdAt: "2026-11-21T09:50:00.000Z" }]))).toBe(false);
    const restarted = { ...anEvent(19, "availability", "DB instance restarted"), subject: "main" };
    expect(blamed(viewOf([former, third], { events: [completed(18), restarted] }))).toBe(true);
  });
});
