import { describe, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { notJudgedYet } from "../../../functions/core/diagnosis/not-judged-yet.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aConnection, someEvidence } from "../../support/evidence-builder.ts";

const first = (scene: Parameters<typeof someEvidence>[0], deeper = false) => {
  const quick = someEvidence(scene);
  const probes = quick.probes.map((probe, at) => ({
    ...probe,
    tier: deeper && at === 0 ? ("performance" as const) : ("immediate" as const),
  }));
  const evidence = { ...quick, probes };
  return notJudgedYet(diagnose(evidence, defaultSettings), evidence);
};

describe("a first look that finds nothing", () => {
  it("D7 is no verdict: what it did not ask for is named, and looked at next", () => {
    const summary = first({});
    expect(summary).toMatchObject({
      verdict: "unknown",
      headline: expect.stringMatching(
        /^Not judged yet: the first look found nothing wrong \(.*the next look does\.$/,
      ),
    });
    expect(summary.missing.map(({ what }) => what).join()).toContain("deadlocks, errors, rates");
  });

  it("D7 is one where it asked for more, and an outage is no less of one", () => {
    expect(first({}, true).verdict).toBe("well");
    const away = first({ overrides: { connection: aConnection({ status: "not-connected" }) } });
    expect(away.headline).not.toContain("Not judged yet");
  });
});
