import { describe, expect, it } from "vitest";
import { failOver } from "../../../functions/core/remedies/aws/failover-remedies.ts";
import { databaseUnreachable } from "../../../functions/core/rules/availability/database-unreachable.ts";
import { aConnection } from "../../support/evidence-builder.ts";
import { type KindScene, kindView } from "../../support/kind-scene.ts";
import { anEvent } from "../../support/metric-scene.ts";

type Kind = Parameters<typeof kindView>[0];

const replica = { id: "orders-db-1", role: "replica", replicaOf: "orders-db" } as const;
const reader = { id: "orders-2", role: "reader" } as const;

/** As RDS describes it, in an account that is known. */
function view(kind: Kind, scene: KindScene = {}) {
  const seen = kindView(kind, scene);
  const target = { ...seen.evidence.target, accountId: "123456789012" };
  return { ...seen, evidence: { ...seen.evidence, target } };
}

function proposed(kind: Kind, scene: KindScene = {}) {
  return failOver(view(kind, scene), "not reached: TCP");
}

describe("failing over from a finding", () => {
  it("A31 is offered where a replica could take over, and never without a click", () => {
    expect(proposed("rds-instance", { others: [replica] })).toMatchObject([
      {
        ...{ id: "start-failover", risk: "irreversible", automatic: true },
        input: { database: "orders-db", reason: "not reached: TCP" },
        consequence: expect.stringContaining("What it has not received is lost"),
      },
    ]);
  });

  it("A31 names the cluster where it lies in one", () => {
    const [one] = proposed("aurora-provisioned", { others: [reader] });
    expect(one?.input).toMatchObject({ database: "shop" });
    expect(one?.consequence).toContain("nothing is lost");
  });

  it.each<[string, Kind, KindScene]>([
    ["nobody to take over", "rds-instance", {}],
    ["a cluster without a reader", "aurora-provisioned", {}],
    ["a replica in another place only", "rds-instance", { others: [{ ...replica, here: false }] }],
    ["a global database", "aurora-global", { others: [reader] }],
    ["a replica of another", "read-replica", {}],
  ])("A31 is not offered for %s", (_, kind, scene) => {
    expect(proposed(kind, scene)).toEqual([]);
  });
});

describe("a database that cannot be reached", () => {
  const cut = aConnection({ status: "not-connected", failedStep: "tcp" });

  function offered(scene: KindScene, connection = cut) {
    const seen = view("rds-instance", { others: [replica], ...scene });
    const cutOff = { ...seen, evidence: { ...seen.evidence, connection } };
    return databaseUnreachable.evaluate(cutOff).flatMap(({ actions }) => actions.map(({ id }) => id));
  }

  it("A31 may be failed over where nothing speaks for it being well", () => {
    expect(offered({ self: { status: "available" } })).toEqual(["start-failover"]);
    expect(offered({ self: { status: "failed" } })).toContain("start-failover");
  });

  it.each(["starting", "stopped", "rebooting", "upgrading"])("A31 is let be while RDS says %s", (status) => {
    expect(offered({ self: { status } })).not.toContain("start-failover");
  });

  it("F4 is let be while RDS carries out its own, which may be told late as done, and not for ever", () => {
    const began = (minutes: number) => anEvent(minutes, "failover", "Multi-AZ instance failover started.");
    expect(offered({ events: [began(3)] })).toEqual([]);
    expect(offered({ events: [began(11)] })).toEqual(["start-failover"]);
    const failed = anEvent(2, "failover", "Cluster failover failed, check the status of your cluster");
    expect(offered({ events: [began(3), failed] })).toEqual(["start-failover"]);
    const done = anEvent(2, "failover", "Multi-AZ instance failover completed");
    expect(offered({ events: [began(3), done] })).toEqual(["start-failover"]);
  });

  it("A31 is let be while CloudWatch counts connections to it, and where only the sign-in fails", () => {
    expect(offered({ values: { DatabaseConnections: [40, 41] } })).not.toContain("start-failover");
    const refused = aConnection({ status: "not-connected", failedStep: "sign-in" });
    expect(offered({}, refused)).not.toContain("start-failover");
  });
});
