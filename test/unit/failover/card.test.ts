import { describe, expect, it } from "vitest";
import { approvalMessage } from "../../../functions/core/failover/messages.ts";
import { aGroup, anInput, aRun } from "../../support/failover-builder.ts";

const run = aRun({ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" });
const cardOf = (force: readonly string[] | boolean) => {
  const input = anInput({ force: Array.isArray(force) ? [...force] : force === true });
  return JSON.stringify(approvalMessage({ ...run, overridden: ["primary-alive"], input }, aGroup()));
};

describe("the card of a second person", () => {
  it("F4 lists what is lifted that stands in the way later only, and calls nobody fenced who may not be", () => {
    const card = cardOf(["old-primary-unfenced", "not-caught-up"]);
    expect(card).toContain("primary-alive, old-primary-unfenced and not-caught-up");
    expect(card).toContain(
      "orders-db is fenced if it can be; where nothing proves that it takes no more writes orders-db-1 is promoted all the same",
    );
    expect(cardOf(true)).toContain("old-primary-unfenced and not-caught-up");
    const plain = cardOf(false);
    expect(plain).toContain("orders-db is fenced and orders-db-1 becomes a database of its own");
    expect(plain).not.toContain("old-primary-unfenced");
  });
});
