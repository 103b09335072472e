import { describe, expect, it } from "vitest";
import type { GateInput } from "../../../functions/core/policy/gate-input.ts";
import { openLook } from "../../../functions/core/policy/open-look.ts";
import {
  aDiagnosis,
  aFinding,
  anAction,
  anIncident,
  aProposal,
  openedAt,
  secondsLater,
} from "../../support/incident-builder.ts";
import { awsInputs } from "../../support/rds-builder.ts";

const input = awsInputs["reboot-instance"];
const reboot = (openSeconds: number | null) =>
  aProposal({ id: "reboot-instance", input: { ...input, pending: [], openSeconds } });
const base = anIncident();

function ask(seconds: number | null, lookAt = openedAt, proposed = true) {
  const rootCauses = [aFinding({ actions: proposed ? [reboot(seconds)] : [] })];
  const gate: Pick<GateInput, "proposal" | "actionKey" | "incident" | "now"> = {
    ...{ proposal: reboot(5), actionKey: "reboot-instance orders-db", now: Date.parse(secondsLater(60)) },
    incident: { ...base, diagnosis: aDiagnosis({ diagnosedAt: lookAt, rootCauses }) },
  };
  return openLook(gate);
}

describe("A26 what a restart would cut off", () => {
  it("is what the last look saw, whatever the card says", () => {
    expect(ask(3600)).toEqual({ seconds: 3600, at: openedAt });
    expect(ask(null)).toEqual({ seconds: null, at: openedAt });
  });

  it("is not known by an old look, nor by one that does not propose it any more", () => {
    expect(ask(5, secondsLater(-121))).toMatchObject({ guard: "look-too-old" });
    expect(ask(5, "soon")).toMatchObject({ guard: "look-too-old" });
    expect(ask(5, openedAt, false)).toMatchObject({ guard: "look-too-old" });
  });

  it("is, of what takes an action back, what the last look saw of that database", () => {
    const back = anAction({ key: "reboot-instance orders-db", undoes: "order-1", database: "orders-db" });
    const lookedAt = (of: string) =>
      openLook({
        ...{ proposal: reboot(null), actionKey: back.key, now: Date.parse(secondsLater(60)) },
        incident: {
          ...anIncident({ actions: [back] }),
          diagnosis: aDiagnosis({ diagnosedAt: openedAt, openTransaction: { of, seconds: 700 } }),
        },
      });
    expect(lookedAt("orders-db")).toEqual({ seconds: 700, at: openedAt });
    expect(lookedAt("bills-db")).toMatchObject({ guard: "look-too-old" });
  });

  it("is asked only of what restarts", () => {
    const gate = { proposal: aProposal(), actionKey: "k", incident: base, now: Date.parse(openedAt) };
    expect(openLook(gate)).toBeNull();
  });
});
