import { describe, expect, it } from "vitest";
import { wasLookedFor } from "../../../functions/core/diagnosis/verdict.ts";
import { kindView } from "../../support/kind-scene.ts";

const { evidence } = kindView("rds-instance");

describe("whether a known cause was looked for again", () => {
  it.each([
    ["maintenance-due", "pending maintenance"],
    ["parameter-drift", "parameters of the members' groups"],
    ["certificate-expiring", "topology"],
  ])("D7 %s was not, where RDS did not answer for its %s", (id, what) => {
    const unanswered = { what, reason: "throttled", howToSee: null };
    expect(wasLookedFor(id, evidence)).toBe(true);
    expect(wasLookedFor(id, { ...evidence, missing: [unanswered] })).toBe(false);
  });
});
