import type { MetricSeries } from "../../../functions/core/contract/evidence.ts";

/** CPU as CloudWatch would show it; only RDS could measure it, so it is made up. */
export function busyCpu(percent: number, collectedAt: number = Date.now()): MetricSeries {
  return {
    id: "CPUUtilization",
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: "scenario-db" },
    statistic: "Average",
    unit: "Percent",
    periodSeconds: 60,
    points: Array.from({ length: 10 }, (_, index) => ({
      at: new Date(collectedAt - (10 - index) * 60_000).toISOString(),
      value: percent + ((index * 7) % 5),
    })),
  };
}
