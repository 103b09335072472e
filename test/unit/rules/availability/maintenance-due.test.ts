import { describe, expect, it } from "vitest";
import type { PendingMaintenance } from "../../../../functions/core/facts/maintenance-actions.ts";
import { maintenanceDue } from "../../../../functions/core/rules/availability/maintenance-due.ts";
import { aTopology } from "../../../support/context-builder.ts";
import { collectedAt } from "../../../support/evidence-builder.ts";
import { type KindScene, kindView } from "../../../support/kind-scene.ts";
import { metricView } from "../../../support/metric-scene.ts";

function inDays(days: number): string {
  return new Date(Date.parse(collectedAt) + days * 86_400_000).toISOString();
}

function pending(overrides: Partial<PendingMaintenance> = {}): PendingMaintenance {
  const dates = { autoAppliedAfter: null, forcedAt: null, appliesAt: null };
  return {
    resource: "orders-db",
    action: "system-update",
    description: null,
    optIn: null,
    ...dates,
    ...overrides,
  };
}

const judge = (
  overrides: Partial<PendingMaintenance>,
  kind: Parameters<typeof kindView>[0] = "rds-instance",
) => {
  const scene: KindScene = { topology: { maintenance: [pending(overrides)] } };
  return maintenanceDue.evaluate(kindView(kind, scene))[0];
};

describe("maintenance-due", () => {
  it("M2 is silent when nothing waits, and when it could not be read", () => {
    expect(maintenanceDue.evaluate(metricView({}))).toEqual([]);
    const unread = { context: { topology: aTopology({ maintenance: null }) } };
    expect(maintenanceDue.evaluate(metricView(unread))).toEqual([]);
  });

  it("M2 wakes when RDS forces it within a week, and only notes what is weeks away or planned", () => {
    expect(judge({ forcedAt: inDays(3.2) })).toMatchObject({
      severity: "P2",
      summary: expect.stringContaining("whatever the window, from 2026-11-24 (in 3 days) on"),
    });
    expect(judge({ forcedAt: inDays(-1) })?.severity).toBe("P2");
    expect(judge({ forcedAt: inDays(20) })?.severity).toBe("P3");
    expect(judge({ optIn: "next-maintenance", appliesAt: inDays(2) })?.severity).toBe("P3");
    expect(judge({})?.summary).toContain("only when somebody asks for it");
  });

  it("M2 says what it does, and whether it interrupts here", () => {
    expect(judge({})?.summary).toContain("updates the operating system: the database is offline");
    expect(judge({}, "multi-az-instance")?.summary).toContain("a failover, which seldom takes a minute");
    expect(judge({ action: "db-upgrade" }, "multi-az-instance")?.summary).toContain(
      "the standby is upgraded",
    );
    expect(judge({ action: "os-upgrade" }, "aurora-provisioned")?.summary).toContain(
      "each instance restarts",
    );
    expect(judge({ action: "something-new" })?.summary).toContain("is not known here");
  });

  it("M2 shows the call for the next window, with the cluster's ARN for the cluster, and none when it is asked for", () => {
    const call =
      "aws rds apply-pending-maintenance-action --resource-identifier arn:aws:rds:eu-west-1:123456789012";
    const rest = "--apply-action system-update --opt-in-type next-maintenance --region eu-west-1";
    expect(judge({})?.actions[0]?.preview).toBe(`${call}:db:orders-db ${rest}`);
    const cluster = judge({ resource: "shop" }, "aurora-provisioned");
    expect(cluster?.actions[0]?.preview).toBe(`${call}:cluster:shop ${rest}`);
    expect(judge({ resource: "other" })?.actions[0]?.preview).toMatch(/^# No call is shown/);
    expect(judge({ optIn: "next-maintenance" })?.actions).toEqual([]);
  });

  it("M2 leaves what is being done to maintenance-running, and certificates to their own finding", () => {
    const view = kindView("rds-instance", {
      self: { status: "maintenance" },
      topology: { maintenance: [pending({ forcedAt: inDays(0) })] },
    });
    expect(maintenanceDue.evaluate(metricView({ self: { status: "maintenance" } }))).toEqual([]);
    expect(maintenanceDue.evaluate(view)).toEqual([]);
    expect(judge({ action: "server-certificate-rotation" })).toBeUndefined();
    expect(judge({ action: "server-certificate-rotation", forcedAt: inDays(2) })?.severity).toBe("P2");
  });
});
