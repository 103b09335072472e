import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../functions/core/settings.ts";

const file = new URL("outside-aurora-postgres-code-before-its-column/evidence.json", import.meta.url);
const { evidence } = JSON.parse(readFileSync(file, "utf8"));

/** As it was recorded before the kinds of a log were counted; `share`: how many of the errors that were read are there. */
function older(share: number) {
  const logs = evidence.context.logs.map(({ read, ...log }: { read?: Record<string, never> }) => {
    const { kinds: _, errors, ...rest } = read ?? {};
    const fewer = (errors as readonly { count: number }[] | undefined)?.map((one) => ({
      ...one,
      count: Math.round(one.count * share),
    }));
    return { ...log, ...(read === undefined ? {} : { read: { ...rest, errors: fewer ?? [] } }) };
  });
  return { ...evidence, context: { ...evidence.context, logs } };
}

describe("evidence of before the kinds of PostgreSQL's log were counted", () => {
  it("D4 tells a column that is missing, by what was kept and how much was read", () => {
    const { rootCauses, severity } = diagnose(older(1), defaultSettings);
    expect([rootCauses[0], severity]).toEqual(["error-storm:members", "P2"]);
  });

  it("D10 makes no storm of few", () => {
    expect(diagnose(older(0.05), defaultSettings).rootCauses).not.toContain("error-storm:members");
  });
});
