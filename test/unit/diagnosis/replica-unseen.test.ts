import { expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aMetric, aTarget, someEvidence } from "../../support/evidence-builder.ts";

const headline = (role: "writer" | "reader", metrics: ReturnType<typeof aMetric>[] = []) =>
  diagnose(someEvidence({ overrides: { target: aTarget({ role }), metrics } }), defaultSettings).headline;

it("D7 of a replica it is said where nobody looked whether it follows its source", () => {
  expect(headline("reader")).toMatch(/^Nothing wrong found: .*whether it follows its source was not seen/);
  expect(headline("reader", [aMetric("ReplicaLag", [0, 0, 0])])).not.toContain("source");
  expect(headline("writer")).not.toContain("source");
});
