import { describe, expect, it } from "vitest";
import { longClimbOf } from "../../../functions/core/facts/long-climb.ts";
import { metricFact } from "../../../functions/core/facts/metric-facts.ts";
import { connectionLeak } from "../../../functions/core/rules/connections/connection-leak.ts";
import { aConnection } from "../../support/evidence-builder.ts";
import { curveOf, held, metricView } from "../../support/metric-scene.ts";

/** By the minutes before now; some hundred are usual. */
function seen(of: (minutesAgo: number) => number) {
  const { values, earlier } = curveOf(of);
  return metricView({
    values: { DatabaseConnections: values.map(Math.round), DBLoad: held(0.3) },
    readings: { DatabaseConnections: { baselineDay: 100, baselineWeek: 100, earlier } },
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
  });
}

function climbs(of: (minutesAgo: number) => number): boolean {
  const view = seen(of);
  const fact = metricFact(view, "DatabaseConnections");
  const climb = fact && longClimbOf(fact);
  const leak = connectionLeak.evaluate(view)[0]?.summary ?? "";
  expect(leak.includes("climb steadily")).toBe(climb !== null);
  return climb !== null;
}

/** Three more a minute for three hours, until so many minutes ago. */
const until = (minutes: number) => (ago: number) => 100 + 3 * Math.max(0, 190 - Math.max(ago, minutes));

describe("connections that have climbed for hours", () => {
  it.each<[string, (ago: number) => number]>([
    ["go on", until(0)],
    ["have stood for the last minutes", until(10)],
    ["go on, with a spike", (ago) => until(0)(ago) + (ago === 6 ? 60 : 0)],
    ["lost a few to a restart of one pod, and climb again", (ago) => until(0)(ago) - (ago < 12 ? 12 : 0)],
  ])("D4 leak where they %s", (_, of) => {
    expect(climbs(of)).toBe(true);
  });

  it.each<[string, (ago: number) => number]>([
    ["were given back minutes ago", (ago) => (ago < 12 ? 510 : until(0)(ago))],
    ["were given back just now", (ago) => (ago < 6 ? 450 : until(0)(ago))],
    ["fall, and go on falling", (ago) => (ago < 10 ? 640 - 15 * (10 - ago) : until(0)(ago))],
    ["stand, with one spike", (ago) => until(40)(ago) + (ago === 6 ? 60 : 0)],
    ["stand, with one spike just now", (ago) => until(40)(ago) + (ago === 2 ? 60 : 0)],
    ["stand", until(40)],
  ])("D4 leak no longer where they %s", (_, of) => {
    expect(climbs(of)).toBe(false);
  });
});
