import { describe, expect, it } from "vitest";
import { approvalSchema } from "../../../functions/core/contract/incident.ts";
import { applyDecision, expireApproval, requestApproval } from "../../../functions/core/policy/approval.ts";
import { anApproval, anIncident, aProposal, openedAt, secondsLater } from "../../support/incident-builder.ts";

const policy = { approvers: ["UANA", "UBEN"], approvalSeconds: 900 };
const at = secondsLater(30);

describe("an approval request", () => {
  it("A42 is pending for 15 minutes and carries the preview and the target", () => {
    const incident = anIncident();
    const proposal = aProposal();
    const approval = requestApproval({
      id: "apr-1",
      incident,
      actionKey: "k",
      proposal,
      at: openedAt,
      policy,
    });
    expect(approvalSchema.parse(approval)).toEqual(approval);
    expect(approval).toMatchObject({
      status: "pending",
      approversNeeded: 1,
      expiresAt: secondsLater(900),
      target: incident.target,
      proposal,
    });
  });

  it("A42 needs a second approver when the action is irreversible", () => {
    const proposal = aProposal({ risk: "irreversible" });
    const approval = requestApproval({
      id: "apr-1",
      incident: anIncident(),
      actionKey: "k",
      proposal,
      at,
      policy,
    });
    const first = applyDecision(approval, { decision: "approve", by: "UANA", at }, policy);
    if (first.kind !== "needs-second") throw new Error(first.kind);
    expect(first.approval.status).toBe("pending");
    expect(applyDecision(first.approval, { decision: "approve", by: "UANA", at }, policy)).toMatchObject({
      guard: "same-person-twice",
    });
    expect(applyDecision(first.approval, { decision: "approve", by: "UBEN", at }, policy)).toMatchObject({
      kind: "recorded",
      approval: { status: "approved", decidedBy: "UBEN" },
    });
    expect(applyDecision(first.approval, { decision: "decline", by: "UANA", at }, policy)).toMatchObject({
      kind: "recorded",
      approval: { status: "declined" },
    });
  });

  it("A42 records one decision by one approver", () => {
    expect(applyDecision(anApproval(), { decision: "approve", by: "UANA", at }, policy)).toMatchObject({
      kind: "recorded",
      approval: { status: "approved", decidedBy: "UANA", decidedAt: at, approvals: [{ by: "UANA", at }] },
    });
  });

  it("A42 refuses a replay of the same click, and a later one by somebody else", () => {
    const done = applyDecision(anApproval(), { decision: "approve", by: "UANA", at }, policy);
    if (done.kind !== "recorded") throw new Error(done.kind);
    for (const decision of ["approve", "decline"] as const) {
      for (const by of ["UANA", "UBEN"]) {
        expect(applyDecision(done.approval, { decision, by, at }, policy)).toMatchObject({
          guard: "already-decided",
        });
      }
    }
  });

  it("A42 refuses whoever is not an approver, and everybody when there are none", () => {
    expect(applyDecision(anApproval(), { decision: "approve", by: "UEVE", at }, policy)).toMatchObject({
      guard: "not-an-approver",
    });
    expect(applyDecision(anApproval(), { decision: "decline", by: "UEVE", at }, policy)).toMatchObject({
      guard: "not-an-approver",
    });
    const nobody = { approvers: [] };
    expect(applyDecision(anApproval(), { decision: "approve", by: "UANA", at }, nobody)).toMatchObject({
      guard: "not-an-approver",
    });
  });

  it("A42 refuses a click at the instant of expiry and takes one before it", () => {
    const { expiresAt } = anApproval();
    const before = new Date(Date.parse(expiresAt) - 1).toISOString();
    const click = (time: string) =>
      applyDecision(anApproval(), { decision: "approve", by: "UANA", at: time }, policy);
    expect(click(before).kind).toBe("recorded");
    expect(click(expiresAt)).toMatchObject({ guard: "expired" });
    expect(click("no time")).toMatchObject({ guard: "expired" });
  });

  it("A42 refuses a button of another incident", () => {
    const click = { decision: "approve", by: "UANA", at, incidentId: "inc-other" } as const;
    expect(applyDecision(anApproval(), click, policy)).toMatchObject({ guard: "not-this-incident" });
  });

  it("A42 expires only while it is pending", () => {
    expect(expireApproval(anApproval(), at)).toMatchObject({ status: "expired", decidedBy: null });
    const approved = anApproval({ status: "approved", decidedBy: "UANA" });
    expect(expireApproval(approved, at)).toBe(approved);
    const expired = expireApproval(anApproval(), at);
    expect(applyDecision(expired, { decision: "approve", by: "UANA", at }, policy)).toMatchObject({
      guard: "expired",
    });
  });
});
