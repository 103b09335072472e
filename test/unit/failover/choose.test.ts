import { describe, expect, it } from "vitest";
import { choose } from "../../../functions/core/failover/choose.ts";
import { primaryState } from "../../../functions/core/failover/primary-state.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  lsn,
  noAnswer,
  quiet,
  withNode,
} from "../../support/failover-builder.ts";

const writer = aNode("a", { role: "writer", replicaOf: null, look: noAnswer });
const reader = (id: string, tier: number) => aNode(id, { role: "reader", replicaOf: null, tier });
const cluster = {
  ...aGroup(),
  kind: "aurora" as const,
  primary: "a",
  clusterId: "orders",
  clusterStatus: "available",
};

describe("the method", () => {
  it("of an Aurora cluster is its failover, to the reader of the first tier", () => {
    const topology = { ...cluster, nodes: [writer, reader("b", 1), reader("c", 0)] };
    expect(choose(topology, anInput(), quiet)).toMatchObject({ method: "fail-over-cluster", candidate: "c" });
  });

  it("says of a cluster with one reader that it is the only one, and of one with none how to make one", () => {
    const one = choose({ ...cluster, nodes: [writer, reader("b", 1)] }, anInput(), quiet);
    expect(one.says).toContain("the only reader");
    const none = choose({ ...cluster, nodes: [writer] }, anInput(), quiet);
    expect(none).toMatchObject({ method: null, nextCommand: expect.stringContaining("create-db-instance") });
  });

  it("names nobody where RDS takes no target: MySQL in a Multi-AZ DB cluster", () => {
    const topology = {
      ...cluster,
      kind: "multi-az-cluster" as const,
      engine: "mysql" as const,
      nodes: [writer, reader("b", 1)],
    };
    expect(choose(topology, anInput(), quiet)).toMatchObject({
      method: "fail-over-cluster",
      candidate: null,
    });
  });

  it("refuses a candidate where RDS alone chooses, with the reason and what to ask instead", () => {
    const named = anInput({ candidate: "b" });
    const kinds = [{ kind: "multi-az-instance" as const }, { kind: "multi-az-cluster" as const }];
    for (const kind of kinds) {
      const topology = { ...cluster, ...kind, engine: "mysql" as const, nodes: [writer, reader("b", 1)] };
      const choice = choose(topology, named, quiet);
      expect(choice).toMatchObject({ method: null, says: expect.stringContaining("b cannot be chosen") });
      expect("nextCommand" in choice && choice.nextCommand).toBe('responder failover orders-db --reason "…"');
    }
    const postgres = { ...cluster, kind: "multi-az-cluster" as const, nodes: [writer, reader("b", 1)] };
    expect(choose(postgres, named, quiet)).toMatchObject({ candidate: "b" });
  });

  it("of a Multi-AZ instance is a reboot with failover; of a lone instance there is none", () => {
    const standby = { ...aGroup(), kind: "multi-az-instance" as const };
    expect(choose(standby, anInput(), quiet).method).toBe("reboot-with-failover");
    expect(choose({ ...aGroup(), kind: "single-instance" }, anInput(), quiet).method).toBeNull();
  });

  it("of replicas is the promotion of the one that answers, follows directly and lacks least", () => {
    const nodes = [
      ...aGroup().nodes,
      aNode("chained", { replicaOf: "orders-db-1" }),
      aNode("silent", { look: noAnswer }),
      aNode("late", {
        look: aLook({ sourceWritten: lsn("0/900"), heartbeatAgeSeconds: 60, silentSeconds: 2 }),
      }),
      aNode("abroad", { region: "us-east-1" }),
    ];
    const choice = choose(aGroup({ nodes }), anInput(), quiet);
    expect(choice.method === null ? [] : choice.ranked.map(({ id }) => id)).toEqual([
      ...["orders-db-1", "late", "abroad", "chained", "silent"],
    ]);
  });

  it("of a global database is a switchover when planned and a failover when not", () => {
    const global = {
      ...aGroup(),
      kind: "global" as const,
      globalId: "g",
      nodes: [writer, reader("b", 1)],
      primary: "a",
    };
    expect(choose(global, anInput({ kind: "planned" }), quiet).method).toBe("switch-over-global");
    expect(choose(global, anInput(), quiet).method).toBe("fail-over-global");
  });

  it("is none for a lock or a slow query: the new writer would meet the same", () => {
    const situation = { ...quiet, cause: { id: "blocked-by-idle-transaction", category: "locks" as const } };
    const choice = choose(aGroup(), anInput(), situation);
    expect(choice).toMatchObject({
      method: null,
      nextCommand: "responder fix --url postgres://USER@ENDPOINT-OF-orders-db/DATABASE",
    });
  });

  it("takes the replica that received most: minutes of CloudWatch do not tell them apart", () => {
    const behind = aLook({ receiving: false, received: lsn("0/400"), applied: lsn("0/400") });
    const topology = aGroup();
    const two = {
      ...topology,
      nodes: [...topology.nodes, aNode("orders-db-2", { look: aLook({ receiving: false }) })],
    };
    expect(choose(withNode(two, "orders-db-1", { look: behind }), anInput(), quiet)).toMatchObject({
      candidate: "orders-db-2",
    });
  });
});

describe("the primary", () => {
  const state = (topology: ReturnType<typeof aGroup>) => primaryState(topology, topology.nodes[0] ?? null).is;

  it("is dead when nobody who can judge sees it, and when RDS says that it does not run", () => {
    expect(state(aGroup())).toBe("dead");
    expect(state(withNode(aGroup(), "orders-db", { status: "stopped", look: null, activity: null }))).toBe(
      "dead",
    );
  });

  it("is not dead because of our own lost way", () => {
    expect(state(withNode(aGroup(), "orders-db-1", { look: aLook() }))).toBe("path-cut");
  });

  it("is dead when its host refuses and no replica receives, whatever CloudWatch saw a minute ago", () => {
    const busy = { busy: true, ageSeconds: 20 };
    const refusing = withNode(aGroup(), "orders-db", {
      activity: busy,
      look: { ...noAnswer, refused: true },
    });
    expect(state(refusing)).toBe("dead");
    expect(state(withNode(refusing, "orders-db-1", { look: aLook() }))).toBe("path-cut");
    expect(state(withNode(refusing, "orders-db-1", { look: null }))).toBe("path-cut");
  });

  it("is unknown when ours is the only view", () => {
    const alone = withNode(aGroup(), "orders-db", { activity: { busy: false, ageSeconds: 900 } });
    expect(state(withNode(alone, "orders-db-1", { look: null }))).toBe("unknown");
  });
});
