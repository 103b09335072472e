import { describe, expect, it } from "vitest";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import { awsOffers } from "../../../functions/core/actions/offers.ts";
import type { Approval } from "../../../functions/core/contract/incident.ts";
import { emptyLedger } from "../../../functions/core/contract/ledger.ts";
import { decideAction } from "../../../functions/core/policy/gate.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { anApproval, anIncident, aProposal, secondsLater } from "../../support/incident-builder.ts";
import { awsInputs, changeableTarget } from "../../support/rds-builder.ts";

const offer = awsOffers.find(({ id }) => id === "take-snapshot");
const proposal = aProposal({ id: "take-snapshot", risk: "safe", input: awsInputs["take-snapshot"] });

function gate(tags: Record<string, string>, more: object = {}, approval: Approval | null = null) {
  return decideAction({
    proposal: { ...proposal, ...more },
    actionKey: actionKeyOf(proposal),
    incident: anIncident(),
    target: { ...changeableTarget, tags },
    settings: settingsSchema.parse({
      policy: { modes: { safe: "auto" }, approvers: ["UANA"], maxInstanceClass: "db.r7g.4xlarge" },
    }),
    settingsStanding: { kind: "in-force", version: 1, modifiedAt: 1 },
    ledger: emptyLedger,
    snoozes: [],
    killSwitch: { engaged: false, says: "off" },
    approval,
    now: Date.parse(secondsLater(60)),
    orderId: "ord-1",
  });
}

const allowed = { "rds-responder:change": "allowed" };
const sure = "shown by the evidence";

describe("the owner's tag for changes on AWS", () => {
  it.each([
    {},
    { "rds-responder:change": "yes" },
    { "rds-responder:change": "" },
    { "rds-responder:mode": "auto" },
  ])("A41 nothing is changed or asked about with %j", (tags) => {
    expect(offer).toBeDefined();
    expect(gate(tags)).toMatchObject({ kind: "withhold", refusal: { guard: "not-opted-in" } });
  });

  it("D11 with it a person is asked, also where policy says auto", () => {
    const { causes: _causes, ends: _ends, costs: _costs, ...unproved } = proposal;
    expect(
      gate(allowed, { ...unproved, causes: undefined, ends: undefined, costs: undefined }),
    ).toMatchObject({
      kind: "ask",
      because: { guard: "never-alone" },
    });
  });

  it("D11 however sure it looks", () => {
    expect(gate(allowed, { causes: sure, ends: sure, costs: sure })).toMatchObject({
      kind: "ask",
      because: { guard: "never-alone" },
    });
  });

  it("A41 the order goes to the function for AWS, with the ceiling of the policy", () => {
    const target = { ...changeableTarget, tags: allowed };
    const by = [{ by: "UANA", at: secondsLater(50) }];
    const approval = anApproval({
      ...{ actionKey: actionKeyOf(proposal), proposal, target, status: "approved", approvals: by },
      ...{ decidedAt: secondsLater(50), decidedBy: "UANA" },
    });
    expect(gate(allowed, {}, approval)).toMatchObject({
      kind: "permit",
      order: { acts: "aws", guards: { maxInstanceClass: "db.r7g.4xlarge", maxLostWorkSeconds: 600 } },
    });
  });
});
