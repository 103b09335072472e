import { describe, expect, it } from "vitest";
import { mayHaveActed, outcomeSchema } from "../../../functions/core/contract/work-order.ts";
import { outcomeOfError } from "../../../functions/core/respond/outcome-of-error.ts";
import { anOrder } from "../../support/order-builder.ts";

describe("an order whose function gave no outcome", () => {
  it.each(["Lambda.TooManyRequestsException", "Lambda.EC2ThrottledException"])(
    "A40 was not carried out when Lambda said %s: nothing ran",
    (name) => {
      const outcome = outcomeOfError(anOrder(), { Error: name, Cause: "Rate Exceeded." });
      expect(outcomeSchema.parse(outcome)).toMatchObject({
        status: "refused",
        refusal: { guard: "acting-function-busy" },
        killed: [],
      });
      expect(outcome.summary).toContain("Nothing was sent");
      expect(mayHaveActed(outcome)).toBe(false);
    },
  );

  it.each([
    { Error: "States.Timeout" },
    { Error: "Lambda.Unknown", Cause: "Runtime exited" },
    { Error: "Lambda.SdkClientException", Cause: "Connection reset" },
    { Error: "SandboxTimedout", Cause: "TooManyRequestsException" },
    null,
  ])("A40 may have been carried out after anything else: %j", (error) => {
    const outcome = outcomeOfError(anOrder(), error);
    expect(outcome.status).toBe("failed");
    expect(outcome.summary).toContain("Whether it acted is not known");
    expect(mayHaveActed(outcome)).toBe(true);
  });
});
