import { describe, expect, it } from "vitest";
import { connectionLeak } from "../../../functions/core/rules/connections/connection-leak.ts";
import { tooManyConnections } from "../../../functions/core/rules/connections/too-many-connections.ts";
import { aConnection } from "../../support/evidence-builder.ts";
import { anEvent, curveOf, type MetricScene, metricView } from "../../support/metric-scene.ts";

type Curve = (minutesAgo: number) => number;
const refused = {
  status: "not-connected",
  failedStep: "no-free-slot",
  detail: "Too many connections",
  refusedWith: "1040",
} as const;

interface World {
  readonly count: Curve;
  readonly cpu?: Curve;
  readonly usual?: number;
  readonly connection?: Parameters<typeof aConnection>[0];
  readonly events?: MetricScene["events"];
  readonly load?: Curve;
}

/** Some hundred connections, 25 % of the CPU and a megabyte a second are usual. */
function worldOf({ count, cpu = () => 25, usual = 100, connection = refused, events = [], load }: World) {
  const [connections, work] = [curveOf(count), curveOf(cpu)];
  const network = curveOf((ago) => 40_000 * cpu(ago));
  const days = (value: number) => ({ baselineDay: value, baselineWeek: value });
  const sessions = load === undefined ? null : curveOf(load);
  return metricView({
    engine: "mysql",
    values: {
      DatabaseConnections: connections.values.map(Math.round),
      CPUUtilization: work.values,
      NetworkReceiveThroughput: network.values,
      NetworkTransmitThroughput: network.values,
      ...(sessions === null ? {} : { DBLoad: sessions.values }),
    },
    readings: {
      DatabaseConnections: { ...days(usual), earlier: connections.earlier },
      CPUUtilization: { ...days(25), earlier: work.earlier },
      NetworkReceiveThroughput: { ...days(1e6), earlier: network.earlier },
      NetworkTransmitThroughput: { ...days(1e6), earlier: network.earlier },
      ...(sessions === null ? {} : { DBLoad: { ...days(0.3), earlier: sessions.earlier } }),
    },
    events,
    overrides: { connection: aConnection(connection), probes: [] },
  });
}

/** Three more a minute until all slots were taken, so many minutes ago. */
const fills =
  (minutes: number): Curve =>
  (ago) =>
    640 - 3 * Math.max(0, ago - minutes) + (Math.round(ago) % 3) - 1;
const leakIn = (world: World) => connectionLeak.evaluate(worldOf(world))[0];

describe("connections that have climbed until no slot was left", () => {
  it.each([5, 20, 50, 90])("D4 leak, however long they have stood at the limit: %s min", (minutes) => {
    expect(leakIn({ count: fills(minutes) })).toMatchObject({
      severity: "P1",
      summary: expect.stringMatching(
        /^Connections climbed steadily, from \d+ to 6[34]\d in some .*, until no slot was left, while CPU and network were as ever/,
      ),
      explains: expect.arrayContaining([
        expect.objectContaining({ cause: "too-many-connections" }),
        expect.objectContaining({ cause: "connections-near-limit" }),
      ]),
    });
  });

  it("D4 leak where those who are refused leave less work since then, and where little load is published", () => {
    const less: Curve = (ago) => (ago < 40 ? 15 : 25);
    expect(leakIn({ count: fills(40), cpu: less })?.severity).toBe("P1");
    expect(leakIn({ count: fills(40), load: () => 0.3 })?.summary).toContain("DB load 0.3");
  });

  it.each([1.55, 1.6, 1.7, 1.8])(
    "D4 that grow to %s of what is usual leak while work is as ever, and not where it grows along",
    (top) => {
      const grown: Curve = (ago) => Math.min(top, Math.max(1, top - ((top - 1) * (ago - 10)) / 180));
      const count: Curve = (ago) => 400 * grown(ago) + (Math.round(ago) % 3) - 1;
      expect(leakIn({ count, usual: 400, load: () => 0.4 })?.summary).toContain("until no slot was left");
      const along = { cpu: (ago: number) => 25 * grown(ago), load: (ago: number) => 0.4 * grown(ago) };
      expect(leakIn({ count, usual: 400, ...along })).toBeUndefined();
    },
  );

  it("D4 leak where RDS itself names the limit", () => {
    const told = anEvent(3, "notification", "The instance has 637 of 640 connections in use");
    const connection = { status: "not-tried" } as const;
    expect(leakIn({ count: fills(40), connection, events: [told] })?.severity).toBe("P1");
    const far = anEvent(3, "notification", "The instance has 637 of 2000 connections in use");
    expect(leakIn({ count: fills(40), connection, events: [far] })).toBeUndefined();
  });

  it.each<[string, World]>([
    ["a ramp of work", { count: fills(30), cpu: (ago) => Math.max(8, 25 - 0.13 * Math.max(0, ago - 30)) }],
    ["more work than on other days", { count: fills(30), cpu: () => 45 }],
    ["a storm within minutes", { count: (ago) => (ago > 40 ? 100 : 640) }],
    ["a leap after a slow climb", { count: (ago) => (ago > 40 ? 260 - ago : 640) }],
    ["a level that is usual", { count: fills(30), usual: 600 }],
    ["a climb of half an hour", { count: (ago) => Math.max(100, Math.min(640, 640 - 18 * (ago - 20))) }],
    ["a queue with load", { count: fills(30), load: (ago) => (ago > 60 ? 0.3 : 9) }],
    ["slots that nobody knows to be taken", { count: fills(50), connection: { status: "not-tried" } }],
    ["a limit of one account", { count: fills(50), connection: { ...refused, refusedWith: "1226" } }],
  ])("D4 are no leak by %s", (_, world) => {
    expect(leakIn(world)?.summary ?? "").not.toContain("until no slot was left");
  });

  it("D4 are told as full all the same", () => {
    const storm = worldOf({ count: (ago) => (ago > 40 ? 100 : 640) });
    expect(tooManyConnections.evaluate(storm)).toMatchObject([{ severity: "P1" }]);
  });
});
