import { describe, expect, it } from "vitest";
import type { Change, RdsEvent } from "../../../functions/core/contract/context.ts";
import { blamedChange } from "../../../functions/core/facts/blamed-change.ts";
import { changeTable } from "../../../functions/core/facts/change-table.ts";
import type { Deviation } from "../../../functions/core/facts/deviations.ts";
import { parametersSet } from "../../../functions/core/facts/parameters-set.ts";
import { whatChanged } from "../../../functions/core/facts/what-changed.ts";
import { aCluster } from "../../support/context-builder.ts";
import { anAlarm, collectedAt } from "../../support/evidence-builder.ts";
import { anEvent, held, type MetricScene, metricView } from "../../support/metric-scene.ts";

const gib = 1024 ** 3;

function aCall(minutesAgo: number, what: string, more: Partial<Change> = {}): Change {
  const at = new Date(Date.parse(collectedAt) - minutesAgo * 60_000).toISOString();
  return {
    at,
    source: "cloudtrail",
    subject: "orders-db",
    what,
    by: "ana",
    detail: null,
    error: null,
    ...more,
  };
}

/** The CPU was calm, and has been full for `minutes` of the last 14; a day and a week ago it was calm at this hour. */
function full(minutes: number, events: readonly RdsEvent[], more: Partial<MetricScene> = {}): MetricScene {
  const CPUUtilization = [...held(20, 14 - minutes), ...held(97, minutes)];
  const readings = { CPUUtilization: { baselineDay: 20, baselineWeek: 22 } };
  return { values: { CPUUtilization }, readings, events, ...more };
}

const alarmed = (minutesAgo: number) => anAlarm("CPUUtilization", { at: anEvent(minutesAgo, "", "").at });
const blamedFor = (scene: MetricScene, ...deviations: Deviation[]) =>
  blamedChange(metricView(scene), deviations.length === 0 ? ["cpu"] : deviations);
const jit = (minutesAgo: number, name = "jit", method = "immediate"): RdsEvent => ({
  ...anEvent(
    minutesAgo,
    "configuration change",
    `Updated parameter ${name} to 1 with apply method ${method}`,
  ),
  subject: "orders-17",
  source: "parameter-group",
});

describe("what changed before a deviation", () => {
  it("M7 is told with the time between them", () => {
    expect(blamedFor(full(6, [jit(10)]))).toMatchObject({
      change: { kind: "parameter", name: "jit", to: "1" },
      says: "it began 4 min after the change of jit to 1",
    });
    expect(blamedFor(full(14, [jit(30)]))?.says).toBe("it follows the change of jit to 1, 30 min ago");
  });

  it.each<[string, MetricScene]>([
    ["one that came after it", full(10, [jit(4)])],
    ["one that cannot explain it", full(6, [jit(10, "max_connections")])],
    ["one that waits for a restart", full(6, [jit(10, "jit", "pending-reboot")])],
    ["one that is hours past", full(6, [jit(90)])],
    ["a restart, which takes no CPU", full(6, [anEvent(10, "availability", "DB instance restarted")])],
    [
      "one of another database",
      full(6, [{ ...anEvent(10, "maintenance", "The engine version upgrade finished."), subject: "other" }]),
    ],
    [
      "anything where it is as ever",
      { ...full(14, [jit(30)]), readings: { CPUUtilization: { baselineDay: 96, baselineWeek: 20 } } },
    ],
    ["anything where nobody knows how it was before", { ...full(14, [jit(30)]), readings: {} }],
  ])("M7 does not blame %s", (_, scene) => {
    expect(blamedFor(scene)).toBeNull();
  });

  it("M7 knows what was set in the cluster's parameter group, of which RDS has no events", () => {
    const set = (minutes: number, method: string, subject = "shop-aurora15") =>
      aCall(minutes, "ModifyDBClusterParameterGroup", {
        subject,
        detail: `dBClusterParameterGroupName=${subject}, parameters=[{"parameterName":"jit","parameterValue":"1","applyMethod":"${method}"},{"isModifiable":true,"applyMethod":"${method}","parameterName":"work_mem","parameterValue":"262144"},{"parameterName":"cut`,
      });
    const scene = (...calls: readonly Change[]) => {
      const view = metricView(full(6, []));
      const { context } = view.evidence;
      const topology = context?.topology && {
        ...context.topology,
        cluster: aCluster({ parameterGroup: "shop-aurora15" }),
      };
      const changed = { ...context, topology, changes: calls } as typeof context;
      return { ...view, evidence: { ...view.evidence, context: changed } };
    };
    expect(blamedChange(scene(set(10, "immediate")), ["cpu"])).toMatchObject({
      change: { kind: "parameter", name: "jit", to: "1", source: "CloudTrail" },
      says: "it began 4 min after the change of jit to 1 by ana",
    });
    expect(whatChanged(scene(set(10, "immediate"))).map(({ name }) => name)).toEqual(["jit", "work_mem"]);
    // It has changed nothing yet, or is another cluster's.
    expect(whatChanged(scene(set(10, "pending-reboot")))).toEqual([]);
    expect(whatChanged(scene(set(10, "immediate", "other")))).toEqual([]);
    // Of what was set twice the newest counts.
    expect(whatChanged(scene(set(10, "immediate"), set(40, "immediate")))).toHaveLength(2);
  });

  it("M7 knows what was set in its own parameter group where no event of it was read, and each once", () => {
    const set = (minutes: number, value: string, subject = "orders-17") =>
      aCall(minutes, "ModifyDBParameterGroup", {
        subject,
        detail: `dBParameterGroupName=${subject}, parameters=[{"parameterName":"jit","parameterValue":"${value}","applyMethod":"immediate"}]`,
      });
    const scene = (calls: readonly Change[], events: readonly RdsEvent[] = []) =>
      metricView(full(6, events, { context: { changes: [...calls] } }));
    expect(whatChanged(scene([set(10, "1")]))).toMatchObject([
      {
        kind: "parameter",
        name: "jit",
        to: "1",
        source: "CloudTrail",
        says: "the change of jit to 1 by ana",
      },
    ]);
    expect(parametersSet(scene([set(10, "1")]))).toHaveLength(1);
    // RDS tells it as well; another group is another database's.
    const both = scene([set(10, "1")], [jit(9)]);
    expect(whatChanged(both)).toMatchObject([{ source: "DescribeEvents" }]);
    expect(parametersSet(both)).toHaveLength(1);
    expect(whatChanged(scene([set(10, "1", "billing-17")]))).toEqual([]);
    expect(whatChanged(scene([{ ...set(10, "1"), error: "AccessDenied" }]))).toEqual([]);
  });

  it("M7 counts a parameter that waits for a restart from the restart on", () => {
    const events = [jit(50, "jit", "pending-reboot"), anEvent(9, "availability", "DB instance restarted")];
    expect(blamedFor(full(6, events))?.says).toBe("it began 3 min after the change of jit to 1");
    const before = [jit(50, "jit", "pending-reboot"), anEvent(55, "availability", "DB instance restarted")];
    expect(blamedFor(full(6, before))).toBeNull();
  });

  it("M7 does not blame a change that came after the alarm", () => {
    const scene = full(14, [jit(20)]);
    const alarm = metricView({ ...scene, overrides: { signal: alarmed(25) } });
    expect(blamedChange(alarm, ["cpu"])).toBeNull();
    const later = metricView({ ...scene, overrides: { signal: alarmed(15) } });
    expect(blamedChange(later, ["cpu"])?.change.kind).toBe("parameter");
  });

  it("M7 blames what was done rather than the restart that came with it", () => {
    const events = [
      anEvent(20, "availability", "DB instance restarted"),
      anEvent(22, "restoration", "Restored from snapshot orders-before."),
    ];
    const scene = { values: { ReadLatency: held(0.05) }, events };
    expect(blamedFor(scene, "reads")?.change.kind).toBe("restored");
    expect(blamedFor({ ...scene, events: events.slice(0, 1) }, "reads")).toBeNull();
  });

  it("M7 takes writes of many times the usual for slow, before they reach the threshold", () => {
    const converted = anEvent(
      20,
      "configuration change",
      "Finished applying modification to convert to a Multi-AZ DB Instance",
    );
    const of = (now: number, usual: number | null) =>
      blamedFor(
        {
          values: { WriteLatency: held(now, 14) },
          readings: usual === null ? {} : { WriteLatency: { baselineDay: usual, baselineWeek: usual } },
          events: [converted],
        },
        "writes",
      )?.says;
    expect(of(0.017, 0.0013)).toMatch(/follows .*conversion to Multi-AZ, 20 min ago/);
    expect(of(0.025, 0.012)).toMatch(/conversion to Multi-AZ/);
    expect(of(0.017, 0.012)).toBeUndefined();
    expect(of(0.004, 0.0005)).toBeUndefined();
    expect(of(0.017, null)).toBeUndefined();
  });

  it("M7 has a page for each row", () => {
    for (const { page } of changeTable) expect(page).toMatch(/^https:\/\//);
  });
});

describe("changes as AWS tells them", () => {
  const changed = (scene: MetricScene) => whatChanged(metricView(scene))[0];
  const finished = anEvent(30, "configuration change", "Finished applying modification to DB instance class");

  it("M7 knows the class from before by the call's answer, and who made it", () => {
    const detail = "dBInstanceIdentifier=orders-db, dBInstanceClass=db.m7g.large, applyImmediately=true";
    const call = aCall(41, "ModifyDBInstance", { detail, before: { dBInstanceClass: "db.m7g.2xlarge" } });
    expect(changed({ events: [finished], context: { changes: [call] } })).toMatchObject({
      kind: "class",
      says: "the change of its class from db.m7g.2xlarge to db.m7g.large by ana",
    });
    expect(changed({ context: { changes: [call] } })).toMatchObject({ kind: "class", source: "CloudTrail" });
    const refused = { ...call, error: "InvalidDBInstanceState" };
    expect(changed({ context: { changes: [refused] } })).toBeUndefined();
    const again = { ...call, before: { allocatedStorage: "100" } };
    expect(changed({ context: { changes: [again] } })).toBeUndefined();
    const waiting = { ...call, detail: detail.replace("m7g.large", "m7g.xlarge") };
    expect(changed({ context: { changes: [waiting] } })).toBeUndefined();
  });

  const done = (kind: string, from: string, to: string) =>
    anEvent(
      9,
      "",
      `Database instance engine ${kind} version upgrade complete. Previous version: ${from}. New version: ${to}.`,
    );
  const upgraded = anEvent(10, "maintenance", "The engine version upgrade finished.");

  it.each([
    ["postgres", [done("major", "14.9", "16.8")], "major-upgrade"],
    ["postgres", [done("minor", "16.4", "16.8")], "minor-upgrade"],
    ["mysql", [done("major", "8.0.42", "8.4.5")], "major-upgrade"],
    ["mysql", [done("minor", "8.0.41", "8.0.42")], "minor-upgrade"],
    ["mysql", [upgraded], "upgrade"],
    [
      "postgres",
      [upgraded, anEvent(20, "maintenance", "The pre-check started for the DB engine version upgrade.")],
      "major-upgrade",
    ],
    ["postgres", [anEvent(10, "maintenance", "A minor version upgrade is available")], undefined],
    [
      "postgres",
      [
        anEvent(
          10,
          "maintenance",
          "The DB engine version upgrade failed. The engine version upgrade rollback succeeded.",
        ),
      ],
      undefined,
    ],
  ] as const)("M7 tells upgrades of %s apart: %j is %s", (engine, events, kind) => {
    expect(changed({ engine, events })?.kind).toBe(kind);
  });

  it("M7 takes an instance that was made today for restored, unless it is known what it is", () => {
    const self = { createdAt: anEvent(50, "", "").at };
    expect(changed({ self })).toMatchObject({ kind: "restored", source: "DescribeDBInstances" });
    expect(changed({ self: { createdAt: "2024-01-01T00:00:00.000Z" } })).toBeUndefined();
    const detail = "dBInstanceIdentifier=orders-db";
    expect(
      changed({ self, context: { changes: [aCall(60, "CreateDBInstance", { detail })] } }),
    ).toBeUndefined();
    const replica = aCall(60, "CreateDBInstanceReadReplica", { detail });
    expect(changed({ self, context: { changes: [replica] } })?.kind).toBe("new-replica");
    // With Performance Insights from its beginning, as the console makes it.
    const watched = { ...replica, detail: `${detail}, enablePerformanceInsights=true` };
    expect(changed({ self, context: { changes: [watched] } })?.kind).toBe("new-replica");
  });

  it("M7 takes half the free memory for a smaller class where the class from before is not known", () => {
    const cpu = full(14, [finished]);
    const free = { FreeableMemory: { baselineDay: 4 * gib, baselineWeek: 4 * gib } };
    const scene = (now: number): MetricScene => ({
      ...cpu,
      values: { ...cpu.values, FreeableMemory: held(now) },
      readings: { ...cpu.readings, ...free },
    });
    expect(blamedFor(scene(gib))?.change.kind).toBe("class");
    expect(blamedFor(scene(3 * gib))).toBeNull();
  });
});

it("M7 an upgrade by its call, which the version confirms, hides nothing else of the same call", () => {
  const call = aCall(30, "ModifyDBInstance", {
    detail:
      "dBInstanceIdentifier=orders-db, engineVersion=16.4, vpcSecurityGroupIds=sg-0b1, applyImmediately=true",
    before: { engineVersion: "13.16", vpcSecurityGroupIds: "sg-0aa" },
  });
  const changes = (engineVersion: string) =>
    whatChanged(metricView({ self: { engineVersion }, context: { changes: [call] } })).map(
      ({ kind, from }) => [kind, from],
    );
  expect(changes("16.4")).toContainEqual(["major-upgrade", "13.16"]);
  expect(changes("16.4")).toContainEqual(["call", "sg-0aa"]);
  expect(changes("13.16")).not.toContainEqual(["major-upgrade", "13.16"]);
});
