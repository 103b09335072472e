import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { anEvent, held, metricView } from "../../../support/metric-scene.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;

/** Of 8 GiB hardly any is left, swap has grown, and nine hours ago the pool was set to this, by a restart. */
function told(value: string, name = "innodb_buffer_pool_size", before: string | null = null) {
  const text = `Updated parameter ${name} to ${value} with apply method pending-reboot`;
  const set = { ...anEvent(560, "configuration change", text), subject: "wiki-params" };
  const earlier =
    before === null
      ? []
      : [
          {
            ...anEvent(2000, "configuration change", text.replace(value, before)),
            subject: "wiki-params",
            source: "parameter-group" as const,
          },
        ];
  const view = metricView({
    values: { FreeableMemory: held(70 * mib, 14), SwapUsage: held(900 * mib, 14) },
    readings: { FreeableMemory: { baselineDay: gib, baselineWeek: gib } },
    events: [
      { ...set, source: "parameter-group" as const },
      ...earlier,
      anEvent(540, "availability", "DB instance restarted"),
    ],
    overrides: { target: aTarget({ engine: "mariadb", instanceClass: "db.m7g.large" }) },
    self: { instanceClass: "db.m7g.large" },
  });
  const { findings } = diagnose(view.evidence, defaultSettings);
  const finding = findings.find(({ id }) => id === "memory-pressure");
  return {
    text: [finding?.summary, ...(finding?.evidence ?? []).map(({ says }) => says)].join("\n"),
    actions: finding?.actions.map(({ id }) => id),
    first: finding?.actions[0]?.consequence,
  };
}

describe("a buffer pool that was set to most of the memory", () => {
  it.each([String(7.2 * gib), "{DBInstanceClassMemory*9/10}"])(
    "M7 is named hours later, when it is full, and a larger class comes after that: %s",
    (value) => {
      const { text, actions, first } = told(value);
      expect(text).toContain(`the change of innodb_buffer_pool_size to ${value}, 540 min ago`);
      expect(text).toContain("set it lower");
      expect(text).toContain("whether it was raised or lowered to this could not be seen");
      expect(actions).toEqual(["scale-instance-class"]);
      expect(first).toMatch(/^First: the buffer pool fills/);
    },
  );

  it.each([
    [String(7.2 * gib), String(4 * gib)],
    ["{DBInstanceClassMemory*9/10}", "{DBInstanceClassMemory*3/4}"],
    ["{DBInstanceClassMemory*9/10}", String(6 * gib)],
  ])(
    "M7 is set back rather than given a larger class where it is known to have been less: %s after %s",
    (value, before) => {
      const { text, actions } = told(value, "innodb_buffer_pool_size", before);
      expect(text).toContain("set it back");
      expect(actions).toEqual([]);
    },
  );

  it.each([
    [String(6.6 * gib), String(7.2 * gib)],
    ["{DBInstanceClassMemory*8/10}", "{DBInstanceClassMemory*9/10}"],
    [String(7.2 * gib), String(7.2 * gib)],
  ])("M7 is not blamed on who has lowered it or set it anew: %s after %s", (value, before) => {
    const { text, actions } = told(value, "innodb_buffer_pool_size", before);
    expect(text).not.toContain("it follows");
    expect(actions).toEqual(["scale-instance-class"]);
  });

  it.each([
    [String(5.5 * gib), "innodb_buffer_pool_size"],
    ["{DBInstanceClassMemory*3/4}", "innodb_buffer_pool_size"],
    ["{DBInstanceClassMemory/2}", "innodb_buffer_pool_size"],
    [String(7.2 * gib), "innodb_redo_log_capacity"],
  ])("M7 is not blamed where it leaves room, nor what takes no memory: %s of %s", (value, name) => {
    const { text, actions } = told(value, name);
    expect(text).not.toContain("it follows");
    expect(actions).toEqual(["scale-instance-class"]);
  });
});
