import { describe, expect, it } from "vitest";
import { databaseUnreachable } from "../../../../functions/core/rules/availability/database-unreachable.ts";
import { readerDown } from "../../../../functions/core/rules/replication/reader-down.ts";
import { aConnection } from "../../../support/evidence-builder.ts";
import { kindView } from "../../../support/kind-scene.ts";
import { anEvent, type MetricScene, metricView } from "../../../support/metric-scene.ts";

type Reached = "connected" | "not-connected" | "not-tried";

const judge = (status: string, reached: Reached, scene: MetricScene = {}) => {
  const failedStep = reached === "not-connected" ? "tcp" : null;
  const connection = aConnection({ status: reached, failedStep });
  return databaseUnreachable.evaluate(
    metricView({ ...scene, self: { status }, overrides: { connection } }),
  )[0];
};

describe("statuses of RDS that are no health", () => {
  it.each([
    ["failed", "cannot recover it", "restore-point-in-time"],
    ["inaccessible-encryption-credentials", "KMS key is lost", "restore-point-in-time"],
    ["inaccessible-encryption-credentials-recoverable", "within seven days", "start-database"],
    ["incompatible-network", "no free address", "start-database"],
    ["incompatible-parameters", "keeps it from starting", undefined],
    ["incompatible-restore", "restore failed", undefined],
    ["insufficient-capacity", "no room for its class", undefined],
    ["stopped", "somebody stopped it", "start-database"],
    ["storage-full", "storage is full", undefined],
    ["upgrade_failed", "rds-final", undefined],
    ["incompatible-something", "what it means is not known here", undefined],
  ])("M2 says of %s what it means and what mends it, where nobody gets in", (status, says, action) => {
    const found = judge(status, "not-connected");
    expect(found).toMatchObject({ severity: "P0", summary: expect.stringContaining(`RDS says ${status}: `) });
    expect(found?.summary).toContain(says);
    expect(found?.actions[0]?.id).toBe(action);
  });

  it.each(["available", "backing-up", "storage-optimization", "maintenance", "upgrading"])(
    "M2 has no word on %s, which is health or work of RDS",
    (status) => {
      expect(judge(status, "connected")).toBeUndefined();
      expect(judge(status, "not-tried")).toBeUndefined();
      expect(judge(status, "not-connected")?.summary).not.toContain("RDS says");
    },
  );

  it("M2 believes RDS where nobody tried, and the connection where somebody got in", () => {
    expect(judge("failed", "not-tried")).toMatchObject({ severity: "P0", explains: [] });
    expect(judge("stopped", "connected")).toBeUndefined();
    expect(judge("incompatible-network", "connected")).toMatchObject({
      severity: "P2",
      summary: expect.stringContaining("it still answers"),
    });
  });

  it("M7 shows which parameters were set lately where one of them keeps it from starting, in force or not", () => {
    const set = (minutesAgo: number, name: string, value: string) => ({
      ...anEvent(
        minutesAgo,
        "configuration change",
        `Updated parameter ${name} to ${value} with apply method pending-reboot`,
      ),
      ...{ subject: "orders-17", source: "parameter-group" as const },
    });
    const events = [set(64, "shared_buffers", "4194304"), set(3000, "jit", "0")];
    const says = (status: string, of = events) =>
      judge(status, "not-connected", { events: of })
        ?.evidence.map((one) => one.says)
        .join("; ");
    expect(says("incompatible-parameters")).toContain(
      "set lately: shared_buffers to 4194304 1 h 4 min ago and jit to 0 2 d 2 h ago",
    );
    expect(says("failed")).not.toContain("set lately");
    const literal = set(9, "init_connect", "INSERT INTO seen VALUES ('bob@example.com')");
    expect(says("incompatible-parameters", [literal])).toContain("init_connect to another value 9 min ago");
  });

  it("M3 shows what RDS wrote about it", () => {
    const events = [
      anEvent(9, "failure", "DB instance put into incompatible-parameters. work_mem is too high"),
    ];
    expect(judge("incompatible-parameters", "not-connected", { events })?.evidence.at(-1)?.says).toContain(
      "work_mem is too high",
    );
  });

  it("M3 warns while RDS cannot use the KMS key and the database still runs, until it can again", () => {
    const lost = anEvent(
      20,
      "failure",
      "Amazon RDS is unable to access the KMS encryption key for orders-db",
    );
    const again = anEvent(5, "failure", "Amazon RDS can now successfully access the KMS encryption key");
    expect(judge("available", "connected", { events: [lost] })).toMatchObject({
      severity: "P1",
      summary: expect.stringContaining("since 20 min RDS cannot use its KMS key"),
    });
    expect(judge("available", "connected", { events: [lost, again] })).toBeUndefined();
    expect(
      judge("available", "connected", { events: [{ ...lost, at: "2026-11-21T05:00:00.000Z" }] }),
    ).toBeUndefined();
  });

  it("A26 starts a cluster as a whole", () => {
    const connection = aConnection({ status: "not-connected", failedStep: "tcp" });
    const view = kindView("aurora-provisioned", { self: { status: "stopped" } });
    const [found] = databaseUnreachable.evaluate({ ...view, evidence: { ...view.evidence, connection } });
    expect(found?.actions[0]?.preview).toBe(
      "aws rds start-db-cluster --db-cluster-identifier shop --region eu-west-1",
    );
  });

  it("M2 says it of a reader, too", () => {
    const reader = { id: "orders-r1", role: "reader", status: "incompatible-parameters" } as const;
    expect(readerDown.evaluate(metricView({ others: [reader] }))[0]?.summary).toContain(
      "keeps it from starting",
    );
  });
});
