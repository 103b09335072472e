import { describe, expect, it } from "vitest";
import type { Diagnosis } from "../../functions/core/contract/finding.ts";
import { ordinary, rootsOf, shut, told, type Unlike } from "./support/outside/ordinary.ts";

/** Root cause and severity from outside; "quiet": the database goes on, and nothing of P0–P2 is told. */
const instance: Readonly<Record<string, string>> = {
  available: "quiet",
  "backing-up": "quiet",
  "configuring-associated-roles": "quiet",
  "configuring-enhanced-monitoring": "quiet",
  "configuring-iam-database-auth": "quiet",
  "configuring-log-exports": "quiet",
  "converting-to-vpc": "quiet",
  creating: "database-unreachable P0",
  "delete-precheck": "database-unreachable P2",
  deleting: "database-unreachable P0",
  failed: "database-unreachable P0",
  "inaccessible-encryption-credentials": "database-unreachable P0",
  "inaccessible-encryption-credentials-recoverable": "database-unreachable P0",
  "incompatible-create": "database-unreachable P0",
  "incompatible-network": "database-unreachable P2",
  "incompatible-option-group": "database-unreachable P2",
  "incompatible-parameters": "database-unreachable P0",
  "incompatible-restore": "database-unreachable P0",
  "insufficient-capacity": "database-unreachable P0",
  maintenance: "maintenance-running P2",
  modifying: "quiet",
  "moving-to-vpc": "quiet",
  rebooting: "maintenance-running P2",
  renaming: "quiet",
  "resetting-master-credentials": "quiet",
  "restore-error": "database-unreachable P0",
  starting: "database-unreachable P0",
  stopped: "database-unreachable P0",
  stopping: "database-unreachable P0",
  "storage-config-upgrade": "quiet",
  "storage-full": "storage-low P0",
  "storage-initialization": "quiet",
  "storage-optimization": "quiet",
  upgrading: "maintenance-running P2",
};

/** Of the cluster, while its member is told available. */
const cluster: Readonly<Record<string, string>> = {
  available: "quiet",
  "backing-up": "quiet",
  backtracking: "maintenance-running P2",
  "cloning-failed": "database-unreachable P1",
  creating: "database-unreachable P1",
  deleting: "database-unreachable P1",
  "failing-over": "failover-happened P1",
  "inaccessible-encryption-credentials": "database-unreachable P1",
  "inaccessible-encryption-credentials-recoverable": "database-unreachable P1",
  maintenance: "maintenance-running P2",
  migrating: "maintenance-running P2",
  "migration-failed": "database-unreachable P1",
  modifying: "quiet",
  "preparing-data-migration": "quiet",
  promoting: "maintenance-running P2",
  rebooting: "maintenance-running P2",
  renaming: "quiet",
  "resetting-master-credentials": "quiet",
  "scaling-storage": "quiet",
  starting: "database-unreachable P1",
  stopped: "database-unreachable P1",
  stopping: "database-unreachable P1",
  "storage-optimization": "quiet",
  "update-iam-db-auth": "quiet",
  upgrading: "maintenance-running P2",
};

const replication: Readonly<Record<string, string>> = {
  replicating: "quiet",
  "replication degraded": "quiet",
  error: "replication-stopped P1",
  stopped: "replication-stopped P2",
  terminated: "replication-stopped P1",
  "replication stop point set": "quiet",
  "replication stop point reached": "replication-stopped P2",
};

function wordOf(diagnosis: Diagnosis): string {
  const [first] = rootsOf(diagnosis);
  return first === undefined ? "quiet" : `${first.id} ${first.severity}`;
}

describe("every status of RDS", () => {
  it.each(Object.entries(instance))(
    "D4 an instance that is %s, into which nobody looked: %s",
    async (status, word) => {
      for (const flavour of ["postgres", "aurora-mysql"] as const) {
        const diagnosis = await told(ordinary(flavour, { self: { DBInstanceStatus: status } }));
        expect(wordOf(diagnosis), flavour).toBe(word);
        expect(diagnosis.verdict).not.toBe("well");
      }
    },
  );

  it.each(Object.keys(instance))(
    "D7 an instance that is %s and does not answer is an outage",
    async (status) => {
      const diagnosis = await told(
        ordinary("postgres", { self: { DBInstanceStatus: status }, inPart: shut() }),
      );
      expect(rootsOf(diagnosis)[0]?.severity).toBe("P0");
    },
  );

  it.each(Object.entries(cluster))("D4 a cluster that is %s: %s", async (status, word) => {
    for (const flavour of ["aurora-postgres", "aurora-mysql"] as const) {
      const diagnosis = await told(ordinary(flavour, { group: { Status: status } }));
      expect(wordOf(diagnosis), flavour).toBe(word);
    }
  });

  it.each(Object.keys(cluster))(
    "D7 a cluster that is %s and does not answer is an outage",
    async (status) => {
      const diagnosis = await told(ordinary("aurora-mysql", { group: { Status: status }, inPart: shut() }));
      expect(rootsOf(diagnosis)[0]?.severity).toBe("P0");
    },
  );

  it.each(Object.entries(replication))("D4 a replica whose replication is %s: %s", async (Status, word) => {
    const info = { StatusType: "read replication", Status, Normal: word === "quiet" };
    const self: Unlike["self"] = {
      ReadReplicaSourceDBInstanceIdentifier: "orders-main",
      StatusInfos: [info],
    };
    for (const flavour of ["postgres", "mysql"] as const) {
      expect(wordOf(await told(ordinary(flavour, { self }))), flavour).toBe(word);
    }
  });

  it("D4 of a reader that goes on serving nobody is told that it is lost, and none is made in its place", async () => {
    const reader = { DBInstanceStatus: "incompatible-network" };
    const [first] = rootsOf(await told(ordinary("aurora-postgres", { reader })));
    expect(first).toMatchObject({ id: "reader-down", actions: [] });
    expect(first?.summary).toContain("it may go on serving");
  });

  it("D4 changes that wait for the window are no fault", async () => {
    const PendingModifiedValues = { DBInstanceClass: "db.r6g.2xlarge", AllocatedStorage: 500 };
    expect(wordOf(await told(ordinary("postgres", { self: { PendingModifiedValues } })))).toBe("quiet");
  });
});
