import { describe, expect, it } from "vitest";
import { isInWindow } from "../../../functions/core/policy/change-window.ts";
import { modeOf } from "../../../functions/core/policy/mode.ts";
import { type Settings, settingsSchema } from "../../../functions/core/settings.ts";

const at = "2026-11-21T12:00:00Z";
const general = "rds-responder:mode";

function mode(
  tags: Record<string, string>,
  risk: "safe" | "disruptive" | "irreversible",
  settings?: Settings,
) {
  return modeOf({ name: "orders-prod", tags }, risk, settings ?? settingsSchema.parse({}), at);
}

describe("the mode of an action", () => {
  it("A41 is approve for disruptive and observe for irreversible when nobody says otherwise", () => {
    expect(mode({}, "disruptive").mode).toBe("approve");
    expect(mode({}, "irreversible").mode).toBe("observe");
  });

  it("A41 is the tag's for this risk before the general tag's before the settings'", () => {
    expect(mode({ [general]: "observe" }, "disruptive").mode).toBe("observe");
    expect(mode({ [general]: "observe", [`${general}-disruptive`]: "auto" }, "disruptive").mode).toBe("auto");
    expect(mode({ [`${general}-safe`]: "auto" }, "disruptive").mode).toBe("approve");
    expect(mode({ [general]: " Auto " }, "disruptive").mode).toBe("auto");
  });

  it.each([general, `${general}-disruptive`])(
    "A41 is observe, and says why, when %s is none of the modes",
    (key) => {
      const decided = mode({ [`${general}-safe`]: "auto", [key]: "automatic" }, "disruptive");
      expect(decided.mode).toBe("observe");
      expect(decided.because).toContain('"automatic"');
    },
  );

  it("A41 is not loosened for irreversible actions by the general tag, but is by their own", () => {
    expect(mode({ [general]: "auto" }, "irreversible").mode).toBe("observe");
    expect(mode({ [`${general}-irreversible`]: "approve" }, "irreversible").mode).toBe("approve");
    const loose = settingsSchema.parse({ policy: { modes: { irreversible: "approve" } } });
    expect(mode({ [general]: "observe" }, "irreversible", loose).mode).toBe("observe");
  });

  it("A41 turns auto into approve outside the change window, and leaves observe alone", () => {
    const changeWindow = { days: ["sat"], fromHour: 13, toHour: 14 };
    const settings = settingsSchema.parse({ policy: { modes: { disruptive: "auto" }, changeWindow } });
    expect(mode({}, "disruptive", settings).mode).toBe("approve");
    expect(mode({}, "disruptive", settings).because).toContain("outside the change window");
    expect(mode({}, "irreversible", settings).mode).toBe("observe");
  });
});

describe("the change window", () => {
  const night = { days: ["sat" as const], fromHour: 22, toHour: 4 };
  const day = { days: ["sat" as const], fromHour: 9, toHour: 17 };

  // 2026-11-21 is a Saturday.
  it.each([
    [day, "2026-11-21T08:59:59.999Z", false],
    [day, "2026-11-21T09:00:00Z", true],
    [day, "2026-11-21T16:59:59.999Z", true],
    [day, "2026-11-21T17:00:00Z", false],
    [day, "2026-11-22T12:00:00Z", false],
    [night, "2026-11-21T21:59:59Z", false],
    [night, "2026-11-21T22:00:00Z", true],
    [night, "2026-11-22T03:59:59Z", true],
    [night, "2026-11-22T04:00:00Z", false],
    [night, "2026-11-21T03:00:00Z", false],
    [{ ...day, fromHour: 0, toHour: 24 }, "2026-11-21T23:59:59Z", true],
    [day, "no time", false],
  ])("A41 %j at %s: %s", (window, time, expected) => {
    expect(isInWindow(window, Date.parse(time))).toBe(expected);
  });
});
