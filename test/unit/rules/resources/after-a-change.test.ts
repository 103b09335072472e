import { describe, expect, it } from "vitest";
import type { RdsEvent } from "../../../../functions/core/contract/context.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { unsureRefusal } from "../../../../functions/core/policy/sure.ts";
import { staleStatistics } from "../../../../functions/core/rules/queries/stale-statistics.ts";
import { coldCache } from "../../../../functions/core/rules/resources/cold-cache.ts";
import { instanceUndersized } from "../../../../functions/core/rules/resources/instance-undersized.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const gib = 1024 ** 3;

/** Full CPU on 2 vCPUs with sessions that queue for it; calm a day and a week ago. */
function fullCpu(cpu: number, events: readonly RdsEvent[], more: Partial<MetricScene> = {}): MetricScene {
  return {
    values: { CPUUtilization: held(cpu, 14), DBLoadCPU: held(cpu > 80 ? 6 : 0.8, 14) },
    readings: { CPUUtilization: { baselineDay: 25, baselineWeek: 25 } },
    events,
    ...more,
  };
}

describe("a class that was made smaller", () => {
  const finished = anEvent(
    300,
    "configuration change",
    "Finished applying modification to DB instance class",
  );
  const call = {
    ...{
      at: anEvent(310, "", "").at,
      source: "cloudtrail" as const,
      subject: "orders-db",
      what: "ModifyDBInstance",
    },
    ...{ by: "saver", detail: "dBInstanceIdentifier=orders-db, dBInstanceClass=db.m7g.large", error: null },
    before: { dBInstanceClass: "db.m7g.4xlarge" },
  };
  const of = (scene: MetricScene) => instanceUndersized.evaluate(metricView(scene));
  const context = { changes: [call] };

  it("M7 is told with what it was, by whom and when, and what it was is what is proposed", () => {
    const [draft, ...others] = of(fullCpu(98, [finished], { context }));
    expect(others).toEqual([]);
    expect(draft?.summary).toContain("from db.m7g.4xlarge to db.m7g.large by saver, 300 min ago");
    expect(draft?.actions).toMatchObject([{ id: "scale-instance-class", automatic: true }]);
    expect(draft?.actions.map((action) => unsureRefusal(action)?.guard)).toEqual(["never-alone"]);
    expect(draft?.actions[0]?.preview).toContain("--db-instance-class db.m7g.4xlarge");
    expect(draft?.actions[0]?.consequence).toContain("about 8 times as much");
  });

  it("M7 says where the class from before was not seen, and offers the next one", () => {
    const scene = fullCpu(98, [finished]);
    const [draft] = of({
      ...scene,
      values: { ...scene.values, FreeableMemory: held(gib) },
      readings: { ...scene.readings, FreeableMemory: { baselineDay: 9 * gib, baselineWeek: 9 * gib } },
    });
    expect(draft?.evidence).toContainEqual({
      source: "CloudTrail",
      says: "what the class was before was not seen",
    });
    expect(draft?.actions[0]?.preview).toContain("--db-instance-class db.m7g.xlarge");
  });

  it("M7 tells of a change of the class beside the full CPU where nothing tells which was larger", () => {
    const scene = fullCpu(98, [finished]);
    expect(of(scene)).toEqual([]);
    const { findings } = diagnose(metricView(scene).evidence, defaultSettings);
    expect(findings.find(({ id }) => id === "cpu-saturated")?.summary).toContain(
      "it follows the change of its class to db.m7g.large, 300 min ago",
    );
  });

  it("D6 is well while it carries the work, and when it was made larger or the CPU was always full", () => {
    expect(of(fullCpu(45, [finished], { context }))).toEqual([]);
    const larger = { changes: [{ ...call, before: { dBInstanceClass: "db.m7g.medium" } }] };
    expect(of(fullCpu(98, [finished], { context: larger }))).toEqual([]);
    const readings = { CPUUtilization: { baselineDay: 97, baselineWeek: 20 } };
    expect(of(fullCpu(98, [finished], { context, readings }))).toEqual([]);
  });

  it("D6 does not take the memory that its cache fills for short", () => {
    const values = { FreeableMemory: held(0.5 * gib, 14), SwapUsage: held(1e6, 14) };
    const readings = { FreeableMemory: { baselineDay: 12 * gib, baselineWeek: 12 * gib } };
    const scene = { values, readings, events: [finished], context };
    const { findings } = diagnose(metricView(scene).evidence, defaultSettings);
    expect(findings.filter(({ severity }) => severity !== "P3")).toEqual([]);
  });
});

describe("a volume that was made from a snapshot", () => {
  const restored = anEvent(55, "restoration", "Restored from snapshot orders-before.");
  const of = (
    latency: number,
    iops: number,
    events: readonly RdsEvent[],
    more: Partial<MetricScene> = {},
  ) => {
    const values = { ReadLatency: held(latency), ReadIOPS: held(iops), WriteIOPS: held(10) };
    return coldCache.evaluate(metricView({ values, events, ...more }));
  };

  it("M7 is read from S3 at first, which no limit and no class changes", () => {
    expect(of(0.04, 300, [restored])).toMatchObject([{ subject: "restored", severity: "P2", actions: [] }]);
    expect(of(0.04, 300, [], { self: { createdAt: restored.at } })).toHaveLength(1);
  });

  it("D6 is not said of quick reads, of a volume at its limit, of Aurora or of an old instance", () => {
    expect(of(0.002, 300, [restored])).toEqual([]);
    expect(of(0.04, 2990, [restored])).toEqual([]);
    expect(of(0.04, 2000, [restored])).toEqual([]);
    expect(of(0.04, 300, [])).toEqual([]);
    expect(of(0.04, 300, [{ ...restored, at: anEvent(26 * 60, "", "").at }])).toEqual([]);
    expect(of(0.04, 300, [restored], { overrides: { target: aTarget({ flavour: "aurora" }) } })).toEqual([]);
  });
});

describe("an upgrade to a new major version", () => {
  const to = (from: string, version: string) =>
    anEvent(
      40,
      "",
      `Database instance engine major version upgrade complete. Previous version: ${from}. New version: ${version}.`,
    );
  const of = (scene: MetricScene) => staleStatistics.evaluate(metricView(scene));

  it("M7 leaves PostgreSQL before 18 without statistics", () => {
    expect(of(fullCpu(98, [to("14.9", "16.8")]))).toMatchObject([
      { subject: "upgrade", severity: "P1", actions: [{ preview: "ANALYZE", automatic: false }] },
    ]);
    const { findings, rootCauses } = diagnose(
      metricView(fullCpu(98, [to("14.9", "16.8")])).evidence,
      defaultSettings,
    );
    expect(rootCauses).toContain("stale-statistics:upgrade");
    expect(findings.flatMap(({ actions }) => actions.map(({ id }) => id))).not.toContain(
      "scale-instance-class",
    );
  });

  it("D6 is not blamed from 18 on, of a minor one, where nothing suffers or where it came later", () => {
    expect(of(fullCpu(98, [to("16.8", "18.1")]))).toEqual([]);
    expect(
      of(
        fullCpu(
          98,
          [to("16.4", "16.8")].map((event) => ({
            ...event,
            message: event.message.replace("major", "minor"),
          })),
        ),
      ),
    ).toEqual([]);
    expect(of(fullCpu(45, [to("14.9", "16.8")]))).toEqual([]);
    expect(of(fullCpu(98, [{ ...to("14.9", "16.8"), at: anEvent(5, "", "").at }]))).toEqual([]);
  });

  it("M7 of MySQL is told beside the full CPU, and the plans come before a larger class", () => {
    const scene = fullCpu(98, [to("8.0.42", "8.4.5")], { engine: "mysql" });
    const { findings } = diagnose(metricView(scene).evidence, defaultSettings);
    const cpu = findings.find(({ id }) => id === "cpu-saturated");
    expect(cpu?.summary).toContain(
      "it follows the upgrade of the engine to a new major version, from 8.0.42 to 8.4.5, 40 min ago",
    );
    expect(cpu?.actions[0]?.consequence).toMatch(/^First: another major version plans anew/);
  });
});

describe("a buffer of each session that was raised", () => {
  const minute = (minutesAgo: number, name: string, to: number) => ({
    ...anEvent(
      minutesAgo,
      "configuration change",
      `Updated parameter ${name} to ${to} with apply method immediate`,
    ),
    subject: "orders-17",
    source: "parameter-group" as const,
  });
  const mib = 1024 ** 2;
  /** 8 GiB of memory, of which hardly any is left; swap has grown. */
  const told = (events: readonly RdsEvent[], connections = 200) => {
    const view = metricView({
      values: {
        FreeableMemory: held(60 * mib, 14),
        SwapUsage: held(900 * mib, 14),
        DatabaseConnections: held(connections, 14),
      },
      readings: { FreeableMemory: { baselineDay: 2 * gib, baselineWeek: 2 * gib } },
      events,
      overrides: { target: aTarget({ engine: "mysql", instanceClass: "db.m7g.large" }) },
      self: { instanceClass: "db.m7g.large" },
    });
    const { findings } = diagnose(view.evidence, defaultSettings);
    const finding = findings.find(({ id }) => id === "memory-pressure");
    const says = finding?.evidence.map((each) => each.says).join("; ") ?? "";
    return { summary: finding?.summary ?? "", actions: finding?.actions.map(({ id }) => id) ?? [], says };
  };

  it("M7 is named hours later, as sessions take it by and by, and no larger class is offered", () => {
    const before = minute(900, "sort_buffer_size", mib);
    expect(told([minute(140, "sort_buffer_size", 64 * mib), before])).toEqual({
      summary: expect.stringContaining("it follows the change of sort_buffer_size to 67108864, 140 min ago"),
      says: expect.stringContaining("set it back"),
      actions: [],
    });
  });

  it("M7 is named, and nobody is told to set it back, where it may have been lowered", () => {
    expect(told([minute(140, "sort_buffer_size", 64 * mib)])).toEqual({
      summary: expect.stringContaining("it follows the change of sort_buffer_size to 67108864, 140 min ago"),
      says: expect.stringContaining(
        "set it lower; whether it was raised or lowered to this could not be seen",
      ),
      actions: [],
    });
  });

  it.each<[string, readonly RdsEvent[], number?]>([
    ["that is small for all of them", [minute(140, "sort_buffer_size", mib)]],
    ["that few sessions can take", [minute(140, "sort_buffer_size", 64 * mib)], 12],
    [
      "that was lowered",
      [minute(140, "sort_buffer_size", 64 * mib), minute(900, "sort_buffer_size", 256 * mib)],
    ],
    ["of the whole server", [minute(140, "innodb_log_buffer_size", 64 * mib)]],
  ])("M7 is not blamed hours later: one %s", (_, events, connections) => {
    const { summary, actions } = told(events, connections);
    expect(summary).not.toContain("it follows");
    expect(actions).toEqual(["scale-instance-class"]);
  });
});
