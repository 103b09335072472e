import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { replicationLag } from "../../../../functions/core/rules/replication/replication-lag.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aConnection, aMetric } from "../../../support/evidence-builder.ts";
import { curveOf, held, metricView } from "../../../support/metric-scene.ts";

type Curve = (minutesAgo: number) => number;
interface World {
  readonly lag?: Curve;
  readonly writes?: number | null;
  readonly day?: number | null;
  readonly engine?: "postgres" | "mysql";
}

/** Grows with the clock, and falls back each five minutes. */
const saw: Curve = (ago) => 20 + 60 * ((604 - Math.round(ago)) % 5);

function worldOf({ lag = saw, writes = 2, day = 150, engine = "postgres" }: World) {
  const { values, earlier } = curveOf(lag);
  const own = aMetric("ReplicaLag", values);
  const ofSource = { dimensions: { DBInstanceIdentifier: "orders-main" } };
  const source = writes === null ? [] : [{ ...aMetric("WriteIOPS", held(writes, 15)), ...ofSource }];
  return metricView({
    engine,
    self: { role: "replica", replicaOf: "orders-main" },
    others: [{ id: "orders-main", role: "writer" }],
    readings: { ReplicaLag: { baselineDay: day, baselineWeek: 150, earlier } },
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [], metrics: [own, ...source] },
  });
}

const lagOf = (world: World) => replicationLag.evaluate(worldOf(world))[0];

describe("the lag of a replica whose source is idle", () => {
  it("D7 is none where it grows to five minutes and falls back, as on other days, and is said so", () => {
    expect(lagOf({})).toBeUndefined();
    const { headline } = diagnose(worldOf({}).evidence, defaultSettings);
    expect(headline).toContain("behind, as an idle source makes it");
  });

  it.each<[string, World]>([
    ["a source that writes", { writes: 400 }],
    ["a source that was not read", { writes: null }],
    ["a lag that was none a day ago", { day: 2 }],
    ["other days that were not read", { day: null }],
    ["one tooth", { lag: (ago) => (ago > 4 ? 12 : 260 - 60 * ago) }],
    ["one that does not come back to nothing", { lag: (ago) => 100 + saw(ago) * 0.6 }],
    ["one that was longer hours ago", { lag: (ago) => (ago > 100 && ago < 120 ? 900 : saw(ago)) }],
    ["leaps that no clock makes", { lag: (ago) => (Math.round(ago) % 5 === 0 ? 290 : 20) }],
    ["another engine, which counts otherwise", { engine: "mysql" }],
  ])("D7 is told with %s", (_, world) => {
    expect(lagOf(world)).toBeDefined();
  });
});
