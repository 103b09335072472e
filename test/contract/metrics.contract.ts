import { expect, it } from "vitest";
import type { MetricQuery, Metrics } from "../../functions/core/ports.ts";

/** 14:00 UTC of the day before the contract's run is no use: an endpoint may drop old points. Given by the test. */
export interface MetricsUnderTest {
  readonly metrics: Metrics;
  /** Epoch ms of the first of five points, one a minute: CPUUtilization of orders, 10, 20, 30, 40, 50. */
  readonly firstAt: number;
}

export const minute = 60_000;

export function query(name: string, instance = "orders"): MetricQuery {
  return {
    namespace: "AWS/RDS",
    name,
    statistic: "Average",
    dimensions: { DBInstanceIdentifier: instance },
    periodSeconds: 60,
  };
}

export function metricsContract(make: () => Promise<MetricsUnderTest>): void {
  it("M1 reads the points of a window, oldest first, its start included and its end not", async () => {
    const { metrics, firstAt } = await make();
    const { series, missing } = await metrics.read(
      [query("CPUUtilization")],
      firstAt + minute,
      firstAt + 4 * minute,
    );
    expect(missing).toEqual([]);
    expect(series).toEqual([
      {
        id: "CPUUtilization",
        namespace: "AWS/RDS",
        dimensions: { DBInstanceIdentifier: "orders" },
        statistic: "Average",
        unit: null,
        periodSeconds: 60,
        points: [1, 2, 3].map((n) => ({
          at: new Date(firstAt + n * minute).toISOString(),
          value: 10 * (n + 1),
        })),
      },
    ]);
  });

  it("M6 lists a metric without points as missing, and still gives the others", async () => {
    const { metrics, firstAt } = await make();
    const queries = [query("NoSuchMetric"), query("CPUUtilization"), query("CPUUtilization", "nobody")];
    const { series, missing } = await metrics.read(queries, firstAt, firstAt + 5 * minute);
    expect(series.map(({ id, points }) => [id, points.length])).toEqual([["CPUUtilization", 5]]);
    expect(missing.map(({ what }) => what)).toEqual([
      "metric AWS/RDS NoSuchMetric (Average; DBInstanceIdentifier=orders)",
      "metric AWS/RDS CPUUtilization (Average; DBInstanceIdentifier=nobody)",
    ]);
    expect(new Set(missing.map(({ reason }) => reason))).toEqual(
      new Set(["CloudWatch has no data points in this window"]),
    );
  });

  it("M1 answers no questions with nothing", async () => {
    const { metrics, firstAt } = await make();
    expect(await metrics.read([], firstAt, firstAt + minute)).toEqual({ series: [], missing: [] });
  });
}
