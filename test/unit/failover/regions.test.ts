import { describe, expect, it } from "vitest";
import { createRdsClient } from "../../../functions/adapters/aws/clients.ts";
import { addressOf } from "../../../functions/adapters/aws/failover/names-reach.ts";
import type { Node } from "../../../functions/core/contract/failover-topology.ts";
import { describeCommand } from "../../../functions/core/failover/commands.ts";
import { planSteps } from "../../../functions/core/failover/plan.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { standing } from "../../../functions/core/failover/vetoes/standing.ts";
import { factsOf } from "../../../functions/core/failover/vetoes/veto.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  noAnswer,
  noon,
  quiet,
  seenOf,
} from "../../support/failover-builder.ts";

const far = "arn:aws:rds:us-east-1:123456789012:db:orders-db";

function groupOf(primary: Partial<Node> & { id: string }, replica: Partial<Node> & { id: string }) {
  const nodes = [
    aNode(primary.id, { role: "writer", replicaOf: null, replication: null, look: noAnswer, ...primary }),
    aNode(replica.id, { replicaOf: primary.id, look: aLook({ receiving: false }), ...replica }),
  ];
  return aGroup({ primary: primary.id, nodes });
}

function vetoed(topology: ReturnType<typeof groupOf>, candidate: string) {
  const chosen = { method: "promote-replica" as const, candidate };
  const all = standing(factsOf(topology, anInput(), quiet, chosen, noon));
  return all.map(({ name }) => name);
}

describe("a primary of another Region", () => {
  const topology = groupOf({ id: far }, { id: "orders-db" });

  it("F5 is not walled with a group of this Region, and its own veto says that it cannot be done from here", () => {
    expect(vetoed(topology, "orders-db")).toEqual(["primary-in-another-region", "no-fence"]);
    const run = aRun({
      ...{ phase: "fence", method: "promote-replica", candidate: "orders-db", oldPrimary: far },
      ...{ group: "orders-db", token: 7 },
    });
    const step = next(run, seenOf(topology));
    expect(step).toMatchObject({ is: "wait", run: { phase: "fence" } });
    const late = next(run, seenOf(topology, { now: noon + 90_000 }));
    expect(late.run.ending?.says).toContain("nothing proves that arn:aws:rds:us-east-1");
    const plan = planSteps(run, topology).flatMap(({ calls }) => calls);
    expect(plan.join()).not.toContain("sg-quarantine");
  });
});

describe("a candidate of another Region", () => {
  const topology = groupOf({ id: "orders-db" }, { id: far });

  it("F2 is asked, promoted and copied there, by its own name", () => {
    expect(vetoed(topology, far)).toEqual([]);
    expect(describeCommand(far)).toBe(
      "aws rds describe-db-instances --db-instance-identifier orders-db --region us-east-1",
    );
    const run = aRun({
      ...{ phase: "rebuild", method: "promote-replica", candidate: far, oldPrimary: "orders-db" },
      ...{ group: "orders-db", token: 7 },
    });
    const alone = { ...topology, nodes: topology.nodes.map((node) => ({ ...node, replicaOf: null })) };
    expect(next(run, seenOf(alone))).toMatchObject({
      effect: { kind: "rebuild", source: far, id: "responder-orders-db-replica" },
    });
    const plan = planSteps(run, topology).flatMap(({ calls }) => calls);
    expect(plan.join("\n")).toContain(
      "--db-instance-identifier responder-orders-db-replica --region us-east-1",
    );
  });

  it("F5 is held where clients come by a proxy, which has databases of its own Region alone", () => {
    const proxy = { kind: "proxy" as const, proxy: "orders", targetGroup: "default" };
    expect(vetoed({ ...topology, names: [proxy] }, far)).toEqual(["proxy-in-another-region"]);
  });

  it("F5 has no address where only RDS of this Region can be asked: that of a namesake would be wrong", async () => {
    const rds = createRdsClient({ region: "eu-west-1", endpoint: "http://127.0.0.1:9" });
    await expect(addressOf(far, { rds }, undefined)).rejects.toMatchObject({
      ...{ code: "NoEndpoint", message: expect.stringContaining("us-east-1") },
    });
  });
});
