import { describe, expect, it } from "vitest";
import { loggingChange } from "../../../functions/core/facts/storage-fillers.ts";
import { spaceOf } from "../../../functions/core/facts/storage-space.ts";
import { setLoggingBack } from "../../../functions/core/remedies/aws/logging-remedies.ts";
import { anEvent, type MetricScene, metricView } from "../../support/metric-scene.ts";

const gib = 1024 ** 3;
const falling = Array.from({ length: 12 }, (_, minute) => (20 - minute) * gib);
const set = (text: string, minutesAgo = 300) => ({
  ...anEvent(minutesAgo, "configuration change", `Updated parameter ${text} with apply method immediate`),
  subject: "orders-17",
  source: "parameter-group" as const,
});
const changeOf = (text: string, { values, ...more }: MetricScene = {}) => {
  const readings = { FreeStorageSpace: { baselineDay: 84 * gib, baselineWeek: 85 * gib } };
  const all = { FreeStorageSpace: falling, ...values };
  const view = metricView({ readings, events: [set(text)], ...more, values: all });
  return { view, blamed: loggingChange(view, spaceOf(view)) };
};

describe("a parameter that makes the server write logs", () => {
  it.each([
    ["general_log to 1", "general_log=0"],
    ["long_query_time to 0.1", "long_query_time=10"],
    ["log_output to TABLE", "log_output=FILE"],
    ["log_statement to all", "log_statement=none"],
    ["log_min_duration_statement to 0", "log_min_duration_statement=-1"],
    ["pgaudit.log to write,ddl", "pgaudit.log=none"],
  ])("D4, M7 %s is named before a volume that fills since, and set back", (text, back) => {
    const { view, blamed } = changeOf(text);
    expect(blamed?.says).toBe(`it follows the change of ${text}, 300 min ago`);
    const [name, value] = back.split("=");
    const [action] = blamed === null ? [] : setLoggingBack(view, blamed.change);
    expect(action?.describes).toContain(`set ${name} to ${value}`);
  });

  it.each([
    ["general_log to 0"],
    ["long_query_time to 10"],
    ["log_min_duration_statement to 5000"],
    ["jit to 1"],
  ])("D4 %s fills nothing", (text) => {
    expect(changeOf(text).blamed).toBeNull();
  });

  it("D4 is not blamed where binary logs grow, or where the volume fell as fast all week", () => {
    const BinLogDiskUsage = falling.map((free) => 21 * gib - free);
    expect(changeOf("general_log to 1", { values: { BinLogDiskUsage } }).blamed).toBeNull();
    expect(changeOf("binlog_row_image to full", { values: { BinLogDiskUsage } }).blamed).not.toBeNull();
    const readings = { FreeStorageSpace: { baselineDay: 30 * gib, baselineWeek: 100 * gib } };
    expect(changeOf("general_log to 1", { readings }).blamed).toBeNull();
  });
});
