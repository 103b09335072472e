import { describe, expect, it } from "vitest";
import { tooManyConnections } from "../../../../functions/core/rules/connections/too-many-connections.ts";
import { aConnection } from "../../../support/evidence-builder.ts";
import { anEvent, held, metricView } from "../../../support/metric-scene.ts";

function told(to: string, usual: number, name = "max_connections") {
  const text = `Updated parameter ${name} to ${to} with apply method immediate`;
  const set = { ...anEvent(42, "configuration change", text), subject: "shop-params" };
  const [finding] = tooManyConnections.evaluate(
    metricView({
      engine: "mysql",
      values: { DatabaseConnections: held(200, 14) },
      readings: { DatabaseConnections: { baselineDay: usual, baselineWeek: usual - 8 } },
      events: [{ ...set, source: "parameter-group" as const }],
      overrides: {
        connection: aConnection({ status: "not-connected", failedStep: "no-free-slot" }),
        probes: [],
      },
    }),
  );
  return [finding?.summary, ...(finding?.evidence ?? []).map(({ says }) => says)].join("\n");
}

describe("a limit on connections that was lowered", () => {
  it("M7 is named where fewer than usual find room, and what CloudWatch counts", () => {
    const text = told("200", 262);
    expect(text).toContain("CloudWatch counts 200, and who holds the connections could not be seen");
    expect(text).toContain(
      "the change of max_connections to 200, 42 min ago, leaves fewer than the 262 of a day or a week ago",
    );
    expect(text).toContain("nobody has to be ended for it");
  });

  it.each([
    ["600", 262, "max_connections"],
    ["200", 262, "max_user_connections"],
    ["200", 160, "max_connections"],
  ])("M7 is not blamed where it leaves room: %s for %i by %s", (to, usual, name) => {
    expect(told(to, usual, name)).not.toContain("leaves fewer");
  });
});
