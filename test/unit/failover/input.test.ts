import { describe, expect, it } from "vitest";
import { parseFailoverInput } from "../../../functions/core/contract/failover-input.ts";
import { checkForce, lifts } from "../../../functions/core/failover/vetoes/standing.ts";

describe("the input of a failover", () => {
  it("is a database and a reason, and nothing more", () => {
    expect(parseFailoverInput({ database: "orders-db", reason: "down" })).toEqual({
      ...{ database: "orders-db", reason: "down", kind: "unplanned", dryRun: false, force: false },
      maxLagSeconds: 30,
    });
  });

  it.each([
    ["a field that is missing", { database: "orders-db" }, "reason"],
    ["a field that nobody knows", { database: "orders-db", reason: "x", dryrun: true }, "dryrun"],
    ["a wrong value", { database: "orders-db", reason: "x", maxLagSeconds: -1 }, "maxLagSeconds"],
  ])("with %s is refused, naming it beside a right input", (_, input, field) => {
    expect(() => parseFailoverInput(input)).toThrow(field);
    expect(() => parseFailoverInput(input)).toThrow('A right input: {"database":"orders-db"');
  });

  it("refuses an override that is misspelt, or that there is none of", () => {
    expect(() => checkForce({ force: ["primary-alife"] })).toThrow("did you mean primary-alive?");
    expect(() => checkForce({ force: ["candidate-not-in-group"] })).toThrow("cannot be overridden");
    expect(() => checkForce({ force: ["not-caught-up", "candidate-smaller"] })).not.toThrow();
  });

  it("lifts with force true what can be lifted, and with names those alone", () => {
    expect(lifts({ force: true }, "primary-alive")).toBe(true);
    expect(lifts({ force: true }, "another-running")).toBe(false);
    expect(lifts({ force: ["candidate-smaller"] }, "primary-alive")).toBe(false);
    expect(lifts({ force: false }, "primary-alive")).toBe(false);
  });
});
