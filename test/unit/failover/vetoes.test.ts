import { describe, expect, it } from "vitest";
import type { Method } from "../../../functions/core/contract/failover.ts";
import type { FailoverInput } from "../../../functions/core/contract/failover-input.ts";
import type { FailoverTopology, Node } from "../../../functions/core/contract/failover-topology.ts";
import type { Situation } from "../../../functions/core/failover/choose.ts";
import { standing, vetoes } from "../../../functions/core/failover/vetoes/standing.ts";
import { factsOf } from "../../../functions/core/failover/vetoes/veto.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  lsn,
  noAnswer,
  noon,
  quiet,
  withNode,
} from "../../support/failover-builder.ts";

const alive = aLook({ writable: true, written: lsn("0/500"), clients: 3 });

function names(
  topology: FailoverTopology,
  {
    input = {},
    situation = {},
    method = "promote-replica",
    candidate = "orders-db-1",
  }: {
    readonly input?: Partial<FailoverInput>;
    readonly situation?: Partial<Situation>;
    readonly method?: Method;
    readonly candidate?: string | null;
  } = {},
): string[] {
  const facts = factsOf(topology, anInput(input), { ...quiet, ...situation }, { method, candidate }, noon);
  return standing(facts).map(({ name }) => name);
}

const primary = (change: Partial<Node>) => withNode(aGroup(), "orders-db", change);
const candidate = (change: Partial<Node>) => withNode(aGroup(), "orders-db-1", change);
const look = (change: Parameters<typeof aLook>[0]) =>
  candidate({ look: aLook({ receiving: false, ...change }) });

describe("vetoes", () => {
  it("stand in nobody's way when the primary is dead by every view and the replica has everything", () => {
    expect(names(aGroup())).toEqual([]);
  });

  it.each([
    ["primary-alive", primary({ look: alive })],
    ["only-our-path-cut", look({ receiving: true })],
    ["only-our-path-cut", primary({ activity: { busy: true, ageSeconds: 20 } })],
    ["primary-state-unknown", primary({ look: null, activity: null })],
    [
      "large-open-transaction",
      primary({ look: { ...alive, openTransaction: { rows: 5_000_000, seconds: 9 } } }),
    ],
    ["large-open-transaction", primary({ look: { ...alive, openTransaction: null } })],
    ["names-elsewhere", { ...aGroup(), names: [], namesElsewhere: ["orders-db-1"] }],
    ["no-fence", { ...aGroup(), quarantineGroup: null }],
    ["failed-over-lately", { ...aGroup(), lastFailoverAt: "2026-01-01T11:30:00Z" }],
    ["failed-over-lately", { ...aGroup(), lastFailoverAt: null }],
    ["blue-green-under-way", { ...aGroup(), blueGreen: true }],
    ["blue-green-under-way", { ...aGroup(), blueGreen: null }],
    ["another-running", { ...aGroup(), failingOver: true }],
    ["candidate-not-available", candidate({ status: "backing-up" })],
    ["candidate-unreachable", candidate({ look: noAnswer, lag: { seconds: 1, ageSeconds: 9 } })],
    ["candidate-lag-unknown", look({ applied: null })],
    ["candidate-lag-above-limit", look({ sourceWritten: null, heartbeatAgeSeconds: 99, silentSeconds: 9 })],
    ["candidate-smaller", candidate({ instanceClass: "db.r7g.medium" })],
    ["candidate-smaller", candidate({ instanceClass: null })],
    ["candidate-version", candidate({ engineVersion: "17.1" })],
    ["candidate-parameters", candidate({ parameterGroup: "default.postgres17" })],
    ["candidate-parameters", candidate({ parameterStatus: "pending-reboot" })],
    ["candidate-changes-pending", candidate({ pending: ["DBInstanceClass"] })],
    ["candidate-changes-pending", candidate({ pending: null })],
    ["replication-stopped", candidate({ replication: { status: "error", normal: false } })],
    ["replication-stopped", look({ applying: false })],
    ["candidate-delayed", look({ delaySeconds: 3600 })],
    ["candidate-delayed", look({ delaySeconds: null })],
    ["candidate-filtered", look({ filtered: true })],
    ["candidate-filtered", look({ filtered: null })],
    ["candidate-backups-off", candidate({ backupRetentionDays: 0 })],
    ["storage-full", candidate({ freeStoragePercent: 1 })],
    ["storage-full", candidate({ freeStoragePercent: null })],
  ])("%s stands", (name, topology) => {
    expect(names(topology)).toContain(name);
  });

  it("replication-stopped does not stand for what broke with the primary: its lag was small until lately", () => {
    const replication = { status: "error", normal: false };
    expect(names(candidate({ replication, lag: { seconds: 8, ageSeconds: 20 } }))).toEqual([]);
    expect(names(candidate({ replication, lag: { seconds: 3600, ageSeconds: 20 } }))).toContain(
      "replication-stopped",
    );
    const living = withNode(primary({ look: alive }), "orders-db-1", {
      ...{ replication, lag: { seconds: 8, ageSeconds: 20 } },
    });
    expect(names(living)).toContain("replication-stopped");
  });

  it("another-running stands while another run has the group", () => {
    expect(names(aGroup(), { situation: { otherRun: "run-0" } })).toContain("another-running");
  });

  it("one-alarm-of-many stands when the database answers and nobody knows a cause", () => {
    const situation = { alarms: { standing: 1, watching: 6 } };
    expect(names(primary({ look: alive }), { situation })).toContain("one-alarm-of-many");
  });

  it("candidate-not-in-group stands for a stranger and for the primary itself", () => {
    expect(names(aGroup(), { candidate: "billing-db" })).toContain("candidate-not-in-group");
    expect(names(aGroup(), { candidate: "orders-db" })).toContain("candidate-not-in-group");
  });

  it("planned-but-down and region-loss stand for what would lose data unsaid", () => {
    expect(names(aGroup(), { input: { kind: "planned" } })).toContain("planned-but-down");
    const shut = aLook({ writable: false, fenced: true, traces: true });
    const fenced = names(primary({ look: shut }), { input: { kind: "planned" } });
    expect(fenced).not.toContain("planned-but-down");
    const beneath = primary({ look: { ...shut, readOnly: true } });
    expect(names(beneath, { input: { kind: "planned" } })).toContain("planned-but-down");
    expect(names(aGroup(), { method: "fail-over-global" })).toContain("region-loss");
  });

  it("of a cluster: what RDS would refuse, and what waits for the restart", () => {
    const cluster = { ...primary({ pending: ["EngineVersion"] }), clusterStatus: "upgrading" };
    const found = names(cluster, { method: "fail-over-cluster" });
    expect(found).toEqual(expect.arrayContaining(["not-available-for-it", "primary-changes-pending"]));
    expect(names(aGroup(), { method: "reboot-with-failover", candidate: null })).toContain(
      "not-available-for-it",
    );
  });

  it("a planned failover of a healthy primary meets none of them", () => {
    const topology = withNode(primary({ look: alive }), "orders-db-1", { look: aLook() });
    expect(names(topology, { input: { kind: "planned" } })).toEqual([]);
  });

  it("each has a name of its own, and says what it needs and how it is released", () => {
    expect(new Set(vetoes.map(({ name }) => name)).size).toBe(vetoes.length);
    for (const { needs, release, protects } of vetoes) {
      expect(needs.length).toBeGreaterThan(0);
      expect(release + protects).not.toBe("");
    }
  });

  it("nothing that cannot be seen speaks for a failover", () => {
    const blank = aNode("orders-db-1", {
      ...{
        instanceClass: null,
        engineVersion: null,
        parameterGroup: null,
        parameterStatus: null,
        status: null,
      },
      ...{
        replication: null,
        pending: null,
        backupRetentionDays: null,
        freeStoragePercent: null,
        look: null,
      },
    });
    const unseen = {
      ...aGroup(),
      nodes: [aNode("orders-db", { role: "writer", replicaOf: null, look: noAnswer }), blank],
    };
    expect(names(unseen).filter((name) => name.startsWith("candidate-"))).toEqual([
      ...["candidate-not-available", "candidate-unreachable", "candidate-smaller", "candidate-version"],
      ...["candidate-parameters", "candidate-changes-pending", "candidate-backups-off"],
      ...["candidate-lag-unknown", "candidate-delayed", "candidate-filtered"],
    ]);
  });
});
