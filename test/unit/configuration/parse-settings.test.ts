import { describe, expect, it } from "vitest";
import { parseSettings, parseSettingsText } from "../../../functions/core/configuration/parse-settings.ts";
import { passedSettingsSchema } from "../../../functions/core/contract/passed-settings.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";

function faultsOf(settings: unknown): readonly string[] {
  const parsed = parseSettings(settings);
  return parsed.kind === "valid" ? [] : parsed.faults;
}

function faultsOfText(text: string): readonly string[] {
  const parsed = parseSettingsText(text);
  return parsed.kind === "valid" ? [] : parsed.faults;
}

const noSuch = (path: string, meant?: string) =>
  `${path}: there is no such setting${meant === undefined ? "" : `; did you mean ${meant}?`}`;

describe("a name that is no setting", () => {
  it.each([
    [
      "a letter is missing",
      { policy: { protectedUser: [] } },
      noSuch("policy.protectedUser", "protectedUsers"),
    ],
    ["two letters changed places", { policy: { apporvers: [] } }, noSuch("policy.apporvers", "approvers")],
    ["the case is another", { Policy: {} }, noSuch("Policy", "policy")],
    ["a group is misspelt", { watches: {} }, noSuch("watches", "watch")],
    [
      "in a mode",
      { policy: { modes: { disruptiv: "auto" } } },
      noSuch("policy.modes.disruptiv", "disruptive"),
    ],
    [
      "in a window that may be left out",
      { policy: { changeWindow: { day: ["mon"], days: ["mon"], fromHour: 1, toHour: 2 } } },
      noSuch("policy.changeWindow.day", "days"),
    ],
    [
      "of one database",
      { databases: { orders: { probeUsr: "x" } } },
      noSuch("databases.orders.probeUsr", "probeUser"),
    ],
    ["common to databases", { database: { actUsers: "x" } }, noSuch("database.actUsers", "actUser")],
    ["in the wrong group", { protectedUsers: ["etl"] }, noSuch("protectedUsers", "policy.protectedUsers")],
    ["a level too deep", { policy: { thresholds: {} } }, noSuch("policy.thresholds", "thresholds")],
    ["that is near to nothing", { policy: { colour: "red" } }, noSuch("policy.colour")],
    ["that was renamed meanwhile", { database: { secretArns: "arn" } }, noSuch("database.secretArns")],
    ["that objects have by birth", JSON.parse('{"__proto__": {"auto": true}}'), noSuch("__proto__")],
  ])("S6 is refused with its path and what was probably meant: %s", (_, settings, fault) => {
    expect(faultsOf(settings)).toEqual([fault]);
  });

  it("A41 is refused also where it is the only fault beside settings that are right", () => {
    expect(parseSettings({ policy: { protectedUsers: ["etl"], protectedUser: ["dba"] } }).kind).toBe(
      "invalid",
    );
  });

  it("A41 is no setting where people give the names themselves", () => {
    const named = {
      alarms: { cpu: "orders" },
      exempt: { orders: "2026-11-21T00:00:00Z" },
      databases: { bills: {} },
    };
    expect(parseSettings(named).kind).toBe("valid");
  });
});

describe("settings that are wrong", () => {
  it("S6 are told every wrong field at once, and none of the values", () => {
    const faults = faultsOf({
      thresholds: { cacheHitPercent: 950, slowQuerySeconds: "dana-1" },
      policy: { modes: { safe: "dana-2" }, approvers: "dana-3", protectedUser: ["dana-4"] },
      databases: { orders: { probeUser: { name: "dana-5" } } },
      slack: "dana-6",
    });
    expect(faults.map((fault) => fault.split(":")[0])).toEqual([
      "thresholds.slowQuerySeconds",
      "thresholds.cacheHitPercent",
      "policy.modes.safe",
      "policy.approvers",
      "policy.protectedUser",
      "slack",
      "databases.orders.probeUser",
    ]);
    expect(faults.join()).not.toContain("dana");
  });

  it("P0 that name one user for both purposes are told where, and not who", () => {
    const faults = faultsOf({ database: { probeUser: "dana" }, databases: { orders: { actUser: "dana" } } });
    expect(faults).toEqual([expect.stringContaining("database.probeUser, databases.orders.actUser")]);
    expect(faults.join()).not.toContain("dana");
  });

  it.each([
    ["a word without quotes", '{\n  "policy": dana\n}', "at line 2, column 13"],
    ["no JSON at all", "policy: dana", "at line 1, column 1"],
    ["a comma too many", '{"cooldownSeconds": 1,}', "at line 1, column 23"],
    ["a comma too few", '{"a": ["dana" "b"]}', "at line 1, column 15"],
    ["an end too early", '{"policy": {\n  "approvers": ["dana"', "at line 2, column 23"],
    ["nothing", "", "at line 1, column 1"],
  ])("S6 are told where they are not JSON, and not what stands there: %s", (_, text, where) => {
    expect(faultsOfText(text)).toEqual([`the whole text is not JSON, ${where}`]);
  });

  it("S6 are told that they are not JSON also where only the order of its words is wrong", () => {
    expect(faultsOfText("[1,]")).toEqual(["the whole text is not JSON"]);
  });

  it.each([["null"], ["[]"], ['"auto"'], ["7"]])("S6 are told that %s is no settings", (text) => {
    expect(faultsOfText(text)).toEqual([expect.stringMatching(/^the whole: .*expected object/)]);
  });

  it("Q3 are told in bounded words, however much of them is wrong", () => {
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`wrong-${index}`, index]));
    const long = { [`x${"y".repeat(4000)}`]: 1, policy: { [`protectedUser${"s".repeat(4000)}`]: [] } };
    expect(faultsOf(many)).toHaveLength(21);
    expect(faultsOf(many).at(-1)).toBe("880 more fields are wrong");
    expect(Math.max(...faultsOf(long).map(({ length }) => length))).toBeLessThanOrEqual(200);
  });
});

describe("settings that one function hands to another", () => {
  it("A41 lose what a function of another version does not know, and nothing else", () => {
    const handed = {
      ...structuredClone(defaultSettings),
      invented: 1,
      policy: { ...defaultSettings.policy, protectedUsers: ["etl"], inventedToo: { deep: true } },
      databases: { orders: { probeUser: "looks", inventedHere: 1 } },
    };
    expect(passedSettingsSchema.parse(handed)).toEqual({
      ...defaultSettings,
      policy: { ...defaultSettings.policy, protectedUsers: ["etl"] },
      databases: { orders: { probeUser: "looks" } },
    });
  });

  it("S6 are refused where they are missing or wrong, with the field", () => {
    const paths = (value: unknown) =>
      passedSettingsSchema.safeParse(value).error?.issues.map(({ path }) => path);
    expect(paths(undefined)).toEqual([[]]);
    expect(paths({ policy: { modes: { safe: 1 } } })).toEqual([["policy", "modes", "safe"]]);
  });
});
