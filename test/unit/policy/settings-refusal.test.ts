import { describe, expect, it } from "vitest";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import { emptyLedger } from "../../../functions/core/contract/ledger.ts";
import type { SettingsStanding } from "../../../functions/core/contract/settings-standing.ts";
import { decideAction } from "../../../functions/core/policy/gate.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { anApproval, anIncident, aProposal, aTarget, secondsLater } from "../../support/incident-builder.ts";

const settings = settingsSchema.parse({ policy: { approvers: ["UANA"], modes: { disruptive: "auto" } } });
const fault = "policy.protectedUser: there is no such setting; did you mean protectedUsers?";
const wrong: SettingsStanding = {
  kind: "invalid",
  version: 12,
  modifiedAt: 12,
  faults: [fault],
  instead: 11,
};
const unread: SettingsStanding = { kind: "unreadable", reason: "AccessDenied", instead: 11 };

function gate(settingsStanding: SettingsStanding, { approved = false, tags = {} } = {}) {
  const proposal = aProposal();
  const actionKey = actionKeyOf(proposal);
  const at = secondsLater(50);
  const given = { by: "UANA", at };
  return decideAction({
    ...{ proposal, actionKey, incident: anIncident(), settings, settingsStanding, orderId: "ord-1" },
    target: aTarget({ tags }),
    ledger: emptyLedger,
    snoozes: [],
    killSwitch: { engaged: false, says: "off" },
    approval: approved
      ? anApproval({ actionKey, status: "approved", approvals: [given], decidedBy: "UANA", decidedAt: at })
      : null,
    now: Date.parse(secondsLater(60)),
  });
}

describe("the gate while the newest settings are wrong", () => {
  it.each([
    ["settings-invalid", wrong, /Version 12 .*protectedUser/],
    ["settings-unreadable", unread, /cannot be read/],
  ] as const)(
    "A41 asks a person for what the last good policy allows unasked: %s",
    (guard, standing, reason) => {
      expect(gate(standing)).toMatchObject({
        kind: "ask",
        because: {
          guard,
          reason: expect.stringMatching(reason),
          release: expect.stringContaining("approver"),
        },
      });
    },
  );

  it("A41 asks also where a tag of the database says auto", () => {
    expect(gate(wrong, { tags: { "rds-responder:mode": "auto" } }).kind).toBe("ask");
  });

  it("A42 permits what a person has approved under the last good policy", () => {
    expect(gate(wrong, { approved: true }).kind).toBe("permit");
    expect(gate(unread, { approved: true }).kind).toBe("permit");
  });

  it.each([
    { ...wrong, instead: null },
    { ...unread, instead: null },
  ])(
    "A41 withholds everything while no good ones are known, an approval and a tag notwithstanding: $kind",
    (standing) => {
      for (const decision of [
        gate(standing, { approved: true }),
        gate(standing, { tags: { "rds-responder:mode": "auto" } }),
      ]) {
        expect(decision).toMatchObject({ kind: "withhold", refusal: { guard: "no-settings" } });
      }
    },
  );

  it("A41 goes on unasked while Parameter Store is silent for minutes only", () => {
    expect(gate({ kind: "waiting" }).kind).toBe("permit");
    expect(gate({ kind: "in-force", version: 12, modifiedAt: 12 }).kind).toBe("permit");
  });
});
