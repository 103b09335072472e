import { describe, it } from "vitest";
import type { Availability } from "./available.ts";

/**
 * A suite that needs a real engine. Without the engine one skipped test carries the reason into the report and onto
 * standard error; with RDS_LAB_REQUIRE_ENGINES set, as in CI, it fails instead.
 */
export function describeEngine(title: string, availability: Availability, suite: () => void): void {
  if (availability.ok) {
    describe(title, suite);
    return;
  }
  const { reason } = availability;
  process.stderr.write(`\nSKIPPED ${title}: ${reason}\n`);
  describe(title, () => {
    it("has its engine on this machine", (context) => {
      if (process.env["RDS_LAB_REQUIRE_ENGINES"]) throw new Error(reason);
      context.skip(reason);
    });
  });
}
