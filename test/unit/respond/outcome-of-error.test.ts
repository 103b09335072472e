import { describe, expect, it } from "vitest";
import { awsActions } from "../../../functions/core/actions/aws-index.ts";
import { mayHaveActed, outcomeSchema } from "../../../functions/core/contract/work-order.ts";
import { outcomeOfError, outcomeOfLostLook } from "../../../functions/core/respond/outcome-of-error.ts";
import { anOrder } from "../../support/order-builder.ts";
import { anAwsOrder, awsInputs } from "../../support/rds-builder.ts";

describe("an order whose function gave no outcome", () => {
  it.each(["Lambda.TooManyRequestsException", "Lambda.EC2ThrottledException"])(
    "A40 was not carried out when Lambda said %s: nothing ran",
    (name) => {
      const outcome = outcomeOfError(anOrder(), { Error: name, Cause: "Rate Exceeded." }, 0);
      expect(outcomeSchema.parse(outcome)).toMatchObject({
        status: "refused",
        refusal: { guard: "acting-function-busy" },
        killed: [],
      });
      expect(outcome.summary).toContain("Nothing was sent");
      expect(mayHaveActed(outcome)).toBe(false);
    },
  );

  it.each(["InvalidInput", "Lambda.KMSAccessDeniedException", "Lambda.ResourceNotFoundException"])(
    "A40 was not carried out when the function took no order (%s), and a person puts that right",
    (name) => {
      const outcome = outcomeOfError(anOrder(), { Error: name, Cause: "expiresAt: Required" }, 0);
      expect(outcomeSchema.parse(outcome)).toMatchObject({
        ...{ status: "refused", refusal: { guard: "acting-function-faulty" } },
        summary: `Nothing was sent. The acting function did not take the order (${name}: expiresAt: Required).`,
      });
      expect(mayHaveActed(outcome)).toBe(false);
      expect(mayHaveActed(outcomeOfError(anOrder(), { Error: name }, 1))).toBe(true);
    },
  );

  it("A40 may have been carried out when Lambda turned away only the calls after one that died", () => {
    const outcome = outcomeOfError(anOrder(), { Error: "Lambda.TooManyRequestsException" }, 1);
    expect(outcomeSchema.parse(outcome)).toMatchObject({ status: "failed", refusal: null });
    expect(outcome.summary).toMatch(/did not answer, and could not be started again .*Whether it acted/);
    expect(mayHaveActed(outcome)).toBe(true);
  });

  it.each([
    { Error: "States.Timeout" },
    { Error: "Lambda.Unknown", Cause: "Runtime exited" },
    { Error: "Lambda.SdkClientException", Cause: "Connection reset" },
    { Error: "SandboxTimedout", Cause: "TooManyRequestsException" },
    null,
  ])("A40 may have been carried out after anything else: %j", (error) => {
    const outcome = outcomeOfError(anOrder(), error, 0);
    expect(outcome.status).toBe("failed");
    expect(outcome.summary).toContain("Whether it acted is not known");
    expect(mayHaveActed(outcome)).toBe(true);
  });
});

describe("an order on AWS whose function was lost in the midst of it", () => {
  const error = { Error: "Lambda.Unknown", Cause: "Runtime exited" };

  it("A20 is followed when only a later call found no place: an earlier one may have begun it", () => {
    const busy = { Error: "Lambda.TooManyRequestsException" };
    const order = anAwsOrder("scale-instance-class");
    expect(outcomeOfLostLook(order, { error: busy, begun: 2 }, 0).status).toBe("running");
    expect(outcomeOfLostLook(order, { error: busy, begun: 0 }, 0).status).toBe("refused");
  });

  it("A20 is followed: what RDS shows tells whether it was begun", () => {
    expect(outcomeOfLostLook(anAwsOrder("scale-instance-class"), { error, begun: 0 }, 0).status).toBe(
      "running",
    );
  });

  it("A30 ends where nobody can look: the application may have been called, and who tells is said", () => {
    const order = anAwsOrder(
      "call-webhook",
      {},
      { does: "read-only", undoUrl: "https://hooks.example.com/rw" },
    );
    const outcome = outcomeSchema.parse(outcomeOfLostLook(order, { error, begun: 0 }, 0));
    expect(outcome).toMatchObject({
      ...{ status: "failed", mayHaveActed: true },
      summary: expect.stringMatching(
        /hooks.example.com may have been asked to write nothing for now.*its owner looks for webhook-id/,
      ),
      undo: { actionId: "call-webhook", input: { does: "read-write" } },
    });
    expect(outcome).not.toHaveProperty("running");
  });

  it("is followed exactly where its action can be followed", () => {
    for (const action of awsActions) {
      const input = Object.entries(awsInputs).find(([id]) => id === action.id)?.[1];
      if (input === undefined) continue;
      expect(action.lostFor(input, "o") === null, action.id).toBe(action.bind(input)?.follow !== null);
    }
  });
});
