import { describe, expect, it } from "vitest";
import { groupOf } from "../../../functions/core/incident/open-incident.ts";
import { exemptRefusal } from "../../../functions/core/policy/exempt.ts";
import { aTarget, openedAt, secondsLater } from "../../support/incident-builder.ts";

const asRdsNamesIt = aTarget({ group: "123456789012/eu-central-1/orders-prod" });

describe("the group of an incident", () => {
  it("S11 is the name that RDS gives, once", () => {
    expect(groupOf(asRdsNamesIt)).toBe("123456789012/eu-central-1/orders-prod");
  });

  it("S11 of a replica that follows a source elsewhere has the source's account and Region", () => {
    const replica = aTarget({ group: "210987654321/us-east-1/orders" });
    expect(groupOf(replica)).toBe("210987654321/us-east-1/orders");
  });

  it("S11 of a bare name, as labs give it, is completed by the target's own place", () => {
    expect(groupOf(aTarget({ group: "orders-prod" }))).toBe("123456789012/eu-central-1/orders-prod");
    expect(groupOf(aTarget({ group: "db:5432", accountId: null, region: null }))).toBe("local/local/db:5432");
  });

  it.each(["123456789012/eu-central-1/orders-prod", "orders-prod"])(
    "A40 an exemption under the documented name %s holds",
    (name) => {
      const exempt = { [name]: secondsLater(60) };
      const refusal = exemptRefusal(
        { group: groupOf(asRdsNamesIt) },
        { name: "orders-prod-2" },
        { exempt },
        Date.parse(openedAt),
      );
      expect(refusal?.guard).toBe("exempt");
    },
  );
});
