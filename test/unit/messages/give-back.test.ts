import { describe, expect, it } from "vitest";
import { withWaysBack } from "../../../functions/core/incident/way-back.ts";
import { resolutionMessage } from "../../../functions/core/messages/resolution-message.ts";
import { anAction, anIncident, anOutcome, aProposal, openedAt } from "../../support/incident-builder.ts";

const undo = {
  ...{ actionId: "scale-instance-class", input: {}, preview: "aws rds modify-db-instance" },
  describes: "Changes the class of orders-db from db.m7g.xlarge to db.m7g.large",
};

function told(id: string, more: object = {}, others: Parameters<typeof anAction>[0][] = []): string {
  const outcome = anOutcome({ actionId: id, status: "done", orderId: "order-1", ...more });
  const action = anAction({
    status: "finished",
    key: `${id} orders-db`,
    proposal: aProposal({ id }),
    outcome,
  });
  const actions = [action, ...others.map((other) => anAction(other))];
  return JSON.stringify(resolutionMessage(anIncident({ status: "resolved", actions })).sections);
}

describe("the last message of an incident", () => {
  it("A20 proposes to give back what was scaled up, with the command that shows the peaks", () => {
    const says = told("scale-instance-class", { undo });
    expect(says).toContain("To be given back");
    expect(says).toContain("from db.m7g.xlarge to db.m7g.large: when a whole day has passed that fits it");
    expect(says).toContain("--action 'scale-instance-class orders-db' --dry-run");
  });

  it("A20 does not where it was taken back, or nothing was done", () => {
    expect(told("scale-instance-class", { undo }, [{ key: "back", undoes: "order-1" }])).not.toContain(
      "given back",
    );
    expect(told("scale-instance-class", { status: "failed" })).not.toContain("given back");
    const unsent = { undo, status: "failed", killed: [], mayHaveActed: false };
    expect(told("scale-instance-class", unsent)).not.toContain("given back");
    expect(told("set-timeout", { undo: { ...undo, actionId: "set-timeout" } })).not.toContain("given back");
  });

  it("A20 proposes to give back what a repeat found done, and calls that no more than found", () => {
    const found = { undo, status: "already-done", mayHaveActed: true };
    const says = told("scale-instance-class", found);
    expect(says).toContain("from db.m7g.xlarge to db.m7g.large: when a whole day has passed that fits it");
    expect(says).toContain("Found done");
    expect(says).not.toContain("Not needed any more");
    expect(told("scale-instance-class", { status: "already-done" })).toContain("Not needed any more");
    expect(told("grow-storage", { status: "already-done", killed: [], mayHaveActed: false })).not.toContain(
      "smaller",
    );
  });

  it("A23 proposes to give back what became larger of a change that failed halfway, and looks for its day", () => {
    const back = { ...undo, actionId: "tune-storage" };
    const faster = { undo: back, status: "failed", mayHaveActed: true } as const;
    expect(told("tune-storage", faster)).toContain("To be given back");
    const outcome = anOutcome({ actionId: "tune-storage", orderId: "order-1", ...faster });
    const action = anAction({ status: "finished", proposal: aProposal({ id: "tune-storage" }), outcome });
    const [given] = withWaysBack(anIncident({ status: "monitoring", actions: [action] }), openedAt).actions;
    expect(given?.wayBack).toMatchObject({ looks: 0, over: false });
    expect(told("grow-storage", { status: "failed" })).not.toContain("smaller");
  });

  it("A23 says that storage cannot shrink", () => {
    expect(told("grow-storage")).toContain("no call makes a volume smaller");
  });
});
