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
    ["long_query_time to 0.1", "long_query_time=2"],
    ["log_output to TABLE", "log_output=FILE"],
    ["log_statement to all", "log_statement=ddl"],
    ["log_min_duration_statement to 0", "log_min_duration_statement=750"],
    ["pgaudit.log to write,ddl", "pgaudit.log=none"],
  ])("D4, M7 %s is named before a volume that fills since, and set back to what was seen", (text, back) => {
    const events = [set(back.replace("=", " to "), 4000), set(text)];
    const { view, blamed } = changeOf(text, text.startsWith("general") ? {} : { events });
    expect(blamed?.says).toBe(`it follows the change of ${text}, 300 min ago`);
    const [name, value] = back.split("=");
    const [action] = blamed === null ? [] : setLoggingBack(view, blamed.change);
    expect(action?.describes).toContain(`set ${name} to ${value}`);
  });

  it.each([
    ["long_query_time to 0.1", "10 as delivered"],
    ["log_output to TABLE", "FILE, which RDS keeps small, or NONE"],
    ["log_statement to all", "none, as delivered, or ddl"],
    ["log_min_duration_statement to 0", "-1, which is off"],
    ["pgaudit.log to write,ddl", "none, as delivered"],
  ])("M7 what %s was before is a person's to say where no event tells", (text, values) => {
    const earlier = [set("log_statement to mod", 5000), set("work_mem to 4096", 5000), set(text)];
    for (const scene of [{}, { events: earlier }]) {
      const { view, blamed } = changeOf(text, scene);
      const [action] = blamed === null ? [] : setLoggingBack(view, blamed.change);
      expect(action).toMatchObject({ id: "set-logging-back", automatic: false });
      expect(action?.preview).toContain(values);
      expect(action?.describes).toContain("leaves to a person");
    }
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
