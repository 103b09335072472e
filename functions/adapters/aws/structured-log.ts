import type { Clock, Log, LogFields } from "../../core/ports.ts";
import { redact } from "./redact.ts";

/** Fields that split a metric into one time series each; anything with more than a few values costs money. */
const metricDimensions = ["result", "code"] as const;

/**
 * One JSON line a call. `metric` writes the embedded metric format, from which CloudWatch Logs makes a metric
 * without an API call: in total, and by `result` and `code` where they are given.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createStructuredLog({
  clock,
  namespace,
  base = {},
  write = (line) => process.stdout.write(line),
}: {
  readonly clock: Clock;
  /** Namespace of the metrics. */
  readonly namespace: string;
  /** Fields of every line: function, version. */
  readonly base?: LogFields;
  readonly write?: (line: string) => unknown;
}): Log {
  const line = (fields: LogFields) => write(`${JSON.stringify(fields)}\n`);
  const say =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      line({ ...redact({ ...base, ...fields }), level, event, at: new Date(clock.now()).toISOString() });
  return {
    info: say("info"),
    warn: say("warn"),
    error: say("error"),
    metric: (name, value, unit, fields = {}) => {
      const plain = redact({ ...base, ...fields });
      const dimensions = metricDimensions.filter((key) => typeof plain[key] === "string");
      line({
        ...plain,
        level: "info",
        event: "metric",
        [name]: value,
        _aws: {
          Timestamp: clock.now(),
          CloudWatchMetrics: [
            {
              Namespace: namespace,
              Dimensions: dimensions.length > 0 ? [[], dimensions] : [[]],
              Metrics: [{ Name: name, Unit: unit }],
            },
          ],
        },
      });
    },
  };
}
