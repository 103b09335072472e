import { describe, expect, it } from "vitest";
import type { View } from "../../../functions/core/facts/view.ts";
import { unsureRefusal } from "../../../functions/core/policy/sure.ts";
import { freeIdleConnections } from "../../../functions/core/remedies/connection-remedies.ts";
import { aGroup, aView } from "../../support/evidence-builder.ts";

const leaked = aGroup(30, {
  ...{ state: "idle", application: "web", user: "shop", client: "10.0.0.7", idleOverLeak: 30 },
});

function viewWith(maxSessionsPerAction: number): View {
  const view = aView({ groups: [leaked] });
  return { ...view, policy: { ...view.policy, maxSessionsPerAction } };
}

describe("idle sessions of one application", () => {
  it("A3 are a person's to end as long as policy lets an order hit one session only", () => {
    expect(freeIdleConnections(viewWith(1)).map(({ id }) => id)).toEqual(["free-idle-connections"]);
  });

  it("A3 are proposed, no more than policy allows and never without a person, where it lets one hit several", () => {
    const [action, byHand] = freeIdleConnections(viewWith(5));
    expect(byHand?.id).toBe("free-idle-connections");
    expect(action).toMatchObject({
      id: "end-idle-sessions",
      automatic: true,
      input: { user: "shop", application: "web", client: "10.0.0.7", state: "idle", most: 5 },
    });
    expect(action?.preview).toMatch(/application_name = 'web'.*limit 200;\n-- Then up to 5 of them/s);
    expect(action === undefined ? null : unsureRefusal(action)?.guard).toBe("never-alone");
  });
});
