import { describe, expect, it } from "vitest";
import { handedOn } from "../../../functions/core/policy/handed-on.ts";
import { anAction, anIncident, anOutcome, aProposal } from "../../support/incident-builder.ts";

const inTransaction = { state: "idle-in-transaction", query: "UPDATE stock SET n = n - ? WHERE sku = ?" };
const proposalOf = (sessionId: number, more: object = {}) => {
  const proposal = aProposal();
  return { ...proposal, input: { ...Object(proposal.input), ...inTransaction, sessionId, ...more } };
};
const ended = (more: object = {}, outcome = anOutcome({ killed: [1] })) =>
  anAction({ key: "first", status: "finished", proposal: proposalOf(1, more), outcome });
const refusalOf = (before: ReturnType<typeof anAction>, more: object = {}) =>
  handedOn({
    incident: anIncident({ actions: [before] }),
    proposal: proposalOf(2, more),
    actionKey: "second",
  } as unknown as Parameters<typeof handedOn>[0]);

describe("a session that stands where another of its application was ended", () => {
  it("A41 is a person's to decide, and the reason says what to look at", () => {
    expect(refusalOf(ended())).toMatchObject({
      guard: "handed-on",
      reason: expect.stringContaining("(1 so far)"),
      release: expect.stringContaining("what the application waits for"),
    });
    // What may have happened counts as happened.
    const unheard = anOutcome({ status: "failed", mayHaveActed: true, killed: [] });
    expect(refusalOf(ended({}, unheard))).toMatchObject({ guard: "handed-on" });
  });

  it.each([
    ["it is of another application", { application: "reports" }],
    ["it ran another statement", { query: "SELECT 1" }],
    ["it works", { state: "active" }],
    ["it has no name", { application: null }],
  ])("A41 is done unasked where %s", (_name, more) => {
    expect(refusalOf(ended(), more)).toBeNull();
  });

  it("A41 counts only what may have acted", () => {
    const refused = anOutcome({ status: "refused", mayHaveActed: false, killed: [] });
    expect(refusalOf(ended({}, refused))).toBeNull();
  });
});
