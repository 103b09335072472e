import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { certificateExpiring } from "../../../../functions/core/rules/configuration/certificate-expiring.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aMember, aTopology } from "../../../support/context-builder.ts";
import { aConnection, collectedAt } from "../../../support/evidence-builder.ts";
import { kindView } from "../../../support/kind-scene.ts";
import { metricView } from "../../../support/metric-scene.ts";

function until(days: number, authority = "rds-ca-rsa2048-g1") {
  const validTill = new Date(Date.parse(collectedAt) + days * 86_400_000).toISOString();
  return { certificate: { authority, validTill } };
}
const judge = (days: number, authority?: string) =>
  certificateExpiring.evaluate(metricView({ self: until(days, authority) }))[0];

describe("certificate-expiring", () => {
  it("M2 is silent for months, a note within 90 days, and wakes within 30", () => {
    expect(certificateExpiring.evaluate(metricView({}))).toEqual([]);
    expect(judge(120)).toBeUndefined();
    expect(judge(80)?.severity).toBe("P3");
    expect(judge(29)).toMatchObject({ severity: "P2", summary: expect.stringContaining("(in 29 days)") });
    expect(judge(-3)?.summary).toContain(
      "ran out on 2026-11-18 (3 days ago): clients that verify it are refused",
    );
  });

  it("M2 knows an authority that has ended even where RDS gives no date", () => {
    const self = { certificate: { authority: "rds-ca-2019", validTill: null } };
    expect(certificateExpiring.evaluate(metricView({ self }))[0]?.severity).toBe("P2");
    const other = { certificate: { authority: "rds-ca-2031", validTill: null } };
    expect(certificateExpiring.evaluate(metricView({ self: other }))).toEqual([]);
  });

  it("M2 leaves an old authority by the call of the kind, and has no call where RDS renews by itself", () => {
    expect(judge(20, "rds-ca-2019")?.actions[0]?.preview).toBe(
      "aws rds modify-db-instance --db-instance-identifier orders-db --ca-certificate-identifier rds-ca-rsa2048-g1 --region eu-west-1",
    );
    const cluster = kindView("multi-az-cluster", { self: until(20, "rds-ca-2019") });
    expect(certificateExpiring.evaluate(cluster)[0]?.actions[0]?.preview).toMatch(
      /^aws rds modify-db-cluster /,
    );
    expect(judge(20)?.actions[0]?.preview).toMatch(/^# No call is shown: rds-ca-rsa2048-g1 renews it/);
    expect(judge(20)?.summary).toContain("depends on its version");
    expect(judge(20)?.actions[0]?.consequence).toContain("SupportsCertificateRotationWithoutRestart");
  });

  it("M2 applies a rotation that RDS has listed, which it lists only where the engine restarts for it", () => {
    const dates = { autoAppliedAfter: null, forcedAt: null, appliesAt: null };
    const pending = {
      resource: "orders-db",
      action: "server-certificate-rotation",
      description: null,
      optIn: null,
    };
    const topology = aTopology({ members: [aMember(until(20))], maintenance: [{ ...pending, ...dates }] });
    const [found] = certificateExpiring.evaluate(metricView({ context: { topology } }));
    expect(found?.summary).toContain("the engine restarts for a new one");
    expect(found?.actions[0]?.preview).toContain("--apply-action server-certificate-rotation");
  });

  it("M2 looks at the readers, which serve after a failover", () => {
    const view = metricView({
      self: until(300),
      others: [{ id: "orders-r1", role: "reader", ...until(10) }],
    });
    expect(certificateExpiring.evaluate(view)).toMatchObject([{ subject: "orders-r1", actions: [] }]);
  });

  it("D2 explains that the responder cannot agree on TLS, and no other outage", () => {
    const at = (failedStep: "tls" | "tcp") => {
      const connection = aConnection({ status: "not-connected", failedStep });
      const { evidence } = metricView({ self: until(-3) });
      return diagnose({ ...evidence, connection }, defaultSettings).rootCauses;
    };
    expect(at("tls")).toEqual(["certificate-expiring"]);
    expect(at("tcp")).toContain("database-unreachable");
  });
});
