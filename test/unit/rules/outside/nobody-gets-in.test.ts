import { describe, expect, it } from "vitest";
import type { Connection } from "../../../../functions/core/contract/evidence.ts";
import { databaseUnreachable } from "../../../../functions/core/rules/availability/database-unreachable.ts";
import { burstBalanceExhausted } from "../../../../functions/core/rules/resources/burst-balance-exhausted.ts";
import { cpuSaturated } from "../../../../functions/core/rules/resources/cpu-saturated.ts";
import { ioSaturated } from "../../../../functions/core/rules/resources/io-saturated.ts";
import { writeStall } from "../../../../functions/core/rules/resources/write-stall.ts";
import { aConnection, anAlarm, collectedAt, type Scene } from "../../../support/evidence-builder.ts";
import { kindView } from "../../../support/kind-scene.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

function failedAt(failedStep: Connection["failedStep"]): NonNullable<Scene["overrides"]> {
  return { connection: aConnection({ status: "not-connected", failedStep }) };
}

const stalledWrites = {
  WriteIOPS: [400, 410, 390, 12, 9, 6, 5, 4, 4],
  WriteLatency: [0.002, 0.002, 0.002, 0.4, 1.1, 2.2, 3, 3.4, 3.6],
  DiskQueueDepth: [1, 1, 1, 20, 30, 40, 44, 45, 46],
};
const stalledReads = {
  ReadIOPS: [300, 310, 290, 11, 8, 5, 4, 3, 3],
  ReadLatency: [0.001, 0.001, 0.001, 0.3, 0.9, 2, 2.4, 2.6, 2.7],
};

describe("what explains that nobody gets in", () => {
  const explained = (rule: typeof ioSaturated | typeof writeStall, scene: MetricScene) =>
    rule.evaluate(metricView(scene))[0]?.explains.map(({ cause }) => cause) ?? [];

  it("D3 is a volume that hardly answers, where the server accepts and says nothing", () => {
    const values = { ...stalledWrites, ...stalledReads };
    expect(explained(ioSaturated, { values, overrides: failedAt("handshake") })).toContain(
      "database-unreachable",
    );
    expect(explained(ioSaturated, { values, overrides: failedAt("name-resolution") })).not.toContain(
      "database-unreachable",
    );
    const slow = { ReadLatency: held(0.03), ReadIOPS: held(400) };
    expect(explained(ioSaturated, { values: slow, overrides: failedAt("handshake") })).not.toContain(
      "database-unreachable",
    );
  });

  it("D3 is a CPU without any room, where the server accepts and says nothing, and not one that has some", () => {
    const of = (cpu: number, step: Connection["failedStep"]) =>
      cpuSaturated
        .evaluate(metricView({ values: { CPUUtilization: held(cpu) }, overrides: failedAt(step) }))[0]
        ?.explains.map(({ cause }) => cause);
    expect(of(98, "handshake")).toContain("database-unreachable");
    expect(of(98, "tcp")).not.toContain("database-unreachable");
    expect(of(84, "handshake")).not.toContain("database-unreachable");
  });

  it("D4 takes reads and writes that both stand still for the volume, and writes alone for a write stall", () => {
    expect(writeStall.evaluate(metricView({ values: { ...stalledWrites, ...stalledReads } }))).toEqual([]);
    const reads = { ReadIOPS: held(300), ReadLatency: held(0.001) };
    const values = { ...stalledWrites, ...reads };
    expect(explained(writeStall, { values, overrides: failedAt("handshake") })).toContain(
      "database-unreachable",
    );
  });

  it("D3 is a db.t2 without credits, and no db.t4g, which goes on", () => {
    const of = (instanceClass: string) =>
      burstBalanceExhausted
        .evaluate(
          metricView({
            self: { instanceClass },
            values: { CPUCreditBalance: held(0) },
            overrides: failedAt("handshake"),
          }),
        )[0]
        ?.explains.map(({ cause }) => cause);
    expect(of("db.t2.medium")).toContain("database-unreachable");
    expect(of("db.t4g.medium")).toEqual([]);
  });
});

describe("Serverless v2 at 0 ACU", () => {
  const paused = anEvent(40, "notification", "The DB instance was paused.");
  const at = (acu: number, events = [paused], step: Connection["failedStep"] = "handshake", minAcu = 0) => {
    const view = kindView("aurora-serverless-v2", {
      values: { ServerlessDatabaseCapacity: held(acu) },
      events,
      overrides: failedAt(step),
    });
    const { context } = view.evidence;
    const topology = context?.topology ?? null;
    if (!context || topology?.cluster?.serverless == null) throw new Error("no serverless cluster");
    const cluster = { ...topology.cluster, serverless: { minAcu, maxAcu: 8, autoPauseSeconds: 1800 } };
    const evidence = { ...view.evidence, context: { ...context, topology: { ...topology, cluster } } };
    return databaseUnreachable.evaluate({ ...view, evidence })[0];
  };

  it("P1 is asleep and not unreachable: it says how it wakes", () => {
    expect(at(0)).toMatchObject({ severity: "P3", actions: [] });
    expect(at(0)?.summary).toMatch(
      /asleep at 0 ACU for 40 min.*30 min without a connection: any connection wakes it/,
    );
    expect(at(0, [])).toMatchObject({ severity: "P3" });
  });

  it("P1 is unreachable where it is awake, was told to wake and has not, or fails before it would be woken", () => {
    expect(at(2)).toMatchObject({ severity: "P0" });
    const resuming = anEvent(5, "notification", "The DB instance is being resumed.");
    expect(at(0, [resuming, paused])).toMatchObject({ severity: "P0" });
    expect(at(0, [paused], "tcp")).toMatchObject({ severity: "P0" });
    expect(at(0, [paused], "handshake", 0.5)).toMatchObject({ severity: "P0" });
  });
});

describe("clients that work as ever, while the responder's packets vanish", () => {
  const work = ["CPUUtilization", "NetworkReceiveThroughput", "NetworkTransmitThroughput"];
  const told = (more: MetricScene & { readonly detail?: string } = {}) => {
    const { detail = "no answer before the deadline", ...scene } = more;
    const at = new Date(Date.parse(collectedAt) - 47 * 60_000).toISOString();
    const view = metricView({
      values: { DatabaseConnections: held(64), ...Object.fromEntries(work.map((id) => [id, held(30)])) },
      readings: Object.fromEntries(work.map((id) => [id, { baselineDay: 30, baselineWeek: 29 }])),
      ...scene,
      overrides: {
        connection: aConnection({ status: "not-connected", failedStep: "tcp", detail }),
        signal: anAlarm("FreeStorageSpace", { at }),
        ...scene.overrides,
      },
    });
    return databaseUnreachable.evaluate(view)[0];
  };

  it("D6 may be let in where the responder is not, which is said, and is no proof: nothing is proposed for it", () => {
    expect(told()).toMatchObject({
      ...{ severity: "P0", confidence: 0.4 },
      summary: expect.stringContaining("it may be the responder's own way that is closed"),
      actions: [],
    });
  });

  it("D7 are none where nobody listens, RDS says otherwise, or the work has fallen", () => {
    const fallen = Object.fromEntries(work.map((id) => [id, held(8)]));
    for (const finding of [
      told({ detail: "connect ECONNREFUSED 10.0.0.1:5432" }),
      told({ self: { status: "failed" } }),
      told({ values: { DatabaseConnections: held(64), ...fallen } }),
      told({ readings: {} }),
    ]) {
      expect(finding?.severity).toBe("P0");
      expect(finding?.summary).not.toContain("own way");
    }
  });
});
