import { describe, expect, it } from "vitest";
import { tiersFor } from "../../../functions/core/incident/tiers.ts";
import { aDiagnosis } from "../../support/diagnosis-builder.ts";
import { aFinding, anIncident } from "../../support/incident-builder.ts";

const causedBy = (category: "locks" | "queries" | "indexes") =>
  anIncident({ cycle: 3, cause: aDiagnosis({ rootCauses: [aFinding({ category })] }) });

describe("how deep a look goes", () => {
  it("Q1 the first look is the quick one", () => {
    expect(tiersFor(anIncident({ cycle: 0, cause: null }))).toEqual(["immediate"]);
  });

  it("the second look goes deeper when the first found no cause", () => {
    expect(tiersFor(anIncident({ cycle: 1, cause: null }))).toEqual(["immediate", "performance"]);
  });

  it("a lock is watched by the cheap look; a cause that shows deeper is looked for there until the end", () => {
    expect(tiersFor(causedBy("locks"))).toEqual(["immediate"]);
    expect(tiersFor(causedBy("queries"))).toEqual(["immediate", "performance"]);
    expect(tiersFor(causedBy("indexes"))).toEqual(["immediate", "performance", "health"]);
  });

  it("what hurts nobody makes no look deeper while a lock is the known cause", () => {
    const beside = (category: "queries" | "configuration") =>
      aFinding({ key: category, category, severity: "P3" });
    const rootCauses = [aFinding(), beside("queries"), beside("configuration")];
    const incident = anIncident({ cycle: 3, cause: aDiagnosis({ rootCauses }) });
    expect(tiersFor(incident)).toEqual(["immediate"]);
  });
});
