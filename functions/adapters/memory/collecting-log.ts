import type { Log, LogFields } from "../../core/ports.ts";

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly event: string;
  readonly fields: LogFields;
}

export interface LoggedMetric {
  readonly name: string;
  readonly value: number;
  readonly unit: "Count" | "Milliseconds";
  readonly fields: LogFields;
}

export interface CollectingLog extends Log {
  readonly lines: readonly LogLine[];
  readonly metrics: readonly LoggedMetric[];
}

export function createCollectingLog(): CollectingLog {
  const lines: LogLine[] = [];
  const metrics: LoggedMetric[] = [];
  const say =
    (level: LogLine["level"]) =>
    (event: string, fields: LogFields = {}): void => {
      lines.push({ level, event, fields });
    };
  return {
    lines,
    metrics,
    info: say("info"),
    warn: say("warn"),
    error: say("error"),
    metric: (name, value, unit, fields = {}) => {
      metrics.push({ name, value, unit, fields });
    },
  };
}
