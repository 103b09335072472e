import { expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aMetric, aProbe, aTarget, someEvidence } from "../../support/evidence-builder.ts";

const headline = (role: "writer" | "reader", metrics: ReturnType<typeof aMetric>[] = []) =>
  diagnose(someEvidence({ overrides: { target: aTarget({ role }), metrics } }), defaultSettings).headline;

it("D7 of a replica it is said where nobody looked whether it follows its source", () => {
  expect(headline("reader")).toMatch(/^Nothing wrong found: .*whether it follows its source was not seen/);
  expect(headline("reader", [aMetric("ReplicaLag", [0, 0, 0])])).not.toContain("source");
  expect(headline("writer")).not.toContain("source");
});

it("D7 of a look that was cut off it is said how many probes brought no answer", () => {
  const late = (status: "timeout" | "skipped") => {
    const { probes } = someEvidence({});
    const others = ["postgres-plans", "postgres-tables"].map((id) =>
      aProbe(id, [], { status, tier: "performance" }),
    );
    return diagnose(someEvidence({ overrides: { probes: [...probes, ...others] } }), defaultSettings)
      .headline;
  };
  expect(late("timeout")).toMatch(/2 of \d+ probes brought no answer: what only they see was not judged\./);
  expect(late("skipped")).not.toContain("brought no answer");
});
