import { describe, expect, it } from "vitest";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import { reduce } from "../../../functions/core/incident/reduce.ts";
import type { ReduceContext } from "../../../functions/core/incident/reduce-context.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aFinding, anIncident, anOutcome, aProposal, secondsLater } from "../../support/incident-builder.ts";
import { aSummary, look } from "../../support/incident-play.ts";
import { anAwsOrder } from "../../support/rds-builder.ts";

const context: ReduceContext = {
  settings: defaultSettings,
  keyOf: actionKeyOf,
  isSame: () => true,
  modeOf: () => "approve",
};
const order = anAwsOrder("reboot-instance", { orderId: "o1", actionKey: "reboot-instance orders-db" });
const proposal = aProposal({ id: "reboot-instance", input: order.input });
const summary = aSummary({ rootCauses: [aFinding({ key: "pending", actions: [proposal] })] });

describe("A26 a restart that was never sent", () => {
  it("is asked about anew at the next look, counts for the limits, and is no person's matter yet", () => {
    const asked = reduce(anIncident(), look(1, 0, summary), context);
    expect(asked.step).toMatchObject({ kind: "ask-approval", actionKey: order.actionKey });
    const ordered = reduce(asked, { kind: "ordered", at: secondsLater(5), order }, context);
    const of = { orderId: "o1", actionId: order.actionId, actionKey: order.actionKey, killed: [] };
    const running = { startedAt: secondsLater(6), until: secondsLater(1806), handle: {} };
    const began = anOutcome({ ...of, status: "running", mayHaveActed: true, running });
    const followed = reduce(
      ordered,
      { kind: "action-finished", at: secondsLater(6), outcome: began },
      context,
    );
    expect(followed.actions[0]).toMatchObject({ status: "running" });
    const refusal = { guard: "not-sent", reason: "Nothing shows it.", release: "It is asked about anew." };
    const outcome = anOutcome({ ...of, status: "refused", mayHaveActed: true, refusal, summary: "Not done" });
    const told = reduce(followed, { kind: "action-finished", at: secondsLater(1210), outcome }, context);
    expect(told.actions[0]).toMatchObject({ status: "finished", outcome: { status: "refused" } });
    expect(told.orders).toMatchObject([{ orderId: "o1", ended: true }]);
    expect(told.escalatedAt).toBeNull();
    const again = reduce(told, look(2, 1230, summary), context);
    expect(again.step).toMatchObject({ kind: "ask-approval", actionKey: order.actionKey });
  });
});
