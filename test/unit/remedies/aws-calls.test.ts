import { describe, expect, it } from "vitest";
import { actionKeyOf } from "../../../functions/core/actions/action-key.ts";
import type { CallPurpose } from "../../../functions/core/actions/aws-calls/call-row.ts";
import { callRow } from "../../../functions/core/actions/aws-calls/call-table.ts";
import { awsActions } from "../../../functions/core/actions/aws-index.ts";
import type { ProposedAction } from "../../../functions/core/contract/finding.ts";
import type { View } from "../../../functions/core/facts/view.ts";
import { unsureRefusal } from "../../../functions/core/policy/sure.ts";
import { raiseServerlessCapacity } from "../../../functions/core/remedies/aws/capacity-remedies.ts";
import { renewCertificate } from "../../../functions/core/remedies/aws/certificate-remedies.ts";
import { scaleInstanceClass } from "../../../functions/core/remedies/aws/class-remedies.ts";
import {
  keepAsFound,
  restoreElsewhere,
  takeSnapshot,
} from "../../../functions/core/remedies/aws/copy-remedies.ts";
import { applyInNextWindow } from "../../../functions/core/remedies/aws/maintenance-remedies.ts";
import { changeParameter } from "../../../functions/core/remedies/aws/parameter-remedies.ts";
import { rebootInstance, startDatabase } from "../../../functions/core/remedies/aws/restart-remedies.ts";
import {
  leaveBurstCredits,
  relieveStorage,
} from "../../../functions/core/remedies/aws/storage-performance.ts";
import { growStorage } from "../../../functions/core/remedies/aws/storage-remedies.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { brokenDependencies } from "../../support/aws-dependencies.ts";
import { missingMembers, pastedCalls } from "../../support/aws-model.ts";
import { aVolume, type KindScene, kinds, kindView } from "../../support/kind-scene.ts";

const parameter = (name: string) => ({ id: "change-parameters", spec: "A24", name, value: "1" });

function aPending(resource: string) {
  const dates = { autoAppliedAfter: null, forcedAt: null, appliesAt: null };
  return { resource, action: "system-update", description: null, optIn: null, ...dates };
}

/** Every remedy that shows a call of AWS. */
const remedies: Readonly<Record<string, (view: View) => readonly ProposedAction[]>> = {
  "grow the storage": growStorage,
  "more IOPS": (view) => relieveStorage(view, "iops"),
  "more throughput": (view) => relieveStorage(view, "throughput"),
  "from gp2 to gp3": leaveBurstCredits,
  "the next class": scaleInstanceClass,
  "more capacity": raiseServerlessCapacity,
  "a parameter of the instance": (view) => [changeParameter(view, parameter("slow_query_log"), "")],
  "a parameter of the cluster": (view) => [changeParameter(view, parameter("require_secure_transport"), "")],
  "a restart": rebootInstance,
  "a start": startDatabase,
  "a snapshot": (view) => [takeSnapshot(view, 7)],
  "a snapshot as found": keepAsFound,
  "maintenance that waits": (view) =>
    ["orders-db", "shop"].flatMap((id) => applyInNextWindow(view, aPending(id))),
  "a certificate of another authority": (view) => renewCertificate(view, "rds-ca-2019"),
  "a copy from before": (view) => restoreElsewhere(view, "2026-11-21T09:30:00Z"),
};

const volumes = [
  aVolume(),
  aVolume({ allocatedGib: 20, limitGib: 30 }),
  aVolume({ allocatedGib: 350 }),
  aVolume({ allocatedGib: 380 }),
  aVolume({ allocatedGib: 500, iops: 12_000, throughputMibps: 500, limitGib: 1000 }),
  aVolume({ allocatedGib: 500, iops: 64_000, throughputMibps: 4000, limitGib: 560 }),
  aVolume({ type: "gp2", iops: null, throughputMibps: null }),
  aVolume({ type: "gp2", allocatedGib: 600, iops: 1800, throughputMibps: null }),
  aVolume({ type: "gp2", allocatedGib: 9000, iops: null, throughputMibps: null }),
  aVolume({ type: "io1", allocatedGib: 100, iops: 5000, throughputMibps: null }),
  aVolume({ type: "io1", allocatedGib: 2000, iops: 1000, throughputMibps: null }),
  aVolume({ type: "io2", allocatedGib: 390, iops: 20_000, throughputMibps: null }),
  aVolume({ type: "standard", iops: null, throughputMibps: null }),
  aVolume({ type: null, iops: null, throughputMibps: null }),
  aVolume({ allocatedGib: null }),
  aVolume({ allocatedGib: 65_000, iops: 12_000, throughputMibps: 500 }),
];

const scenes: readonly KindScene[] = [
  ...volumes.map((storage) => ({ self: { storage } })),
  ...(["postgres", "mysql", "mariadb"] as const).map((engine) => ({ engine })),
  ...["db.t3.micro", "db.r5.24xlarge", "db.x2idn.16xlarge", "db.what.ever"].map((instanceClass) => ({
    self: { instanceClass },
  })),
  { self: { parameterGroups: [{ name: "default.postgres17", status: "in-sync" }] } },
  { cluster: { parameterGroup: "default.aurora-mysql8.0" }, self: { parameterGroups: [] } },
  { cluster: { parameterGroup: null, serverless: null } },
  { cluster: { serverless: { minAcu: 0, maxAcu: 128, autoPauseSeconds: 300 } } },
  { cluster: { serverless: { minAcu: 0, maxAcu: 3.5, autoPauseSeconds: 300 } } },
  { self: { status: "storage-optimization" } },
  { self: { status: "modifying" } },
  { self: { multiAz: null } },
];

describe.each(kinds)("what is shown to be pasted for a database of kind %s", (kind) => {
  it.each(Object.keys(remedies))("A20 A23 A24 AWS takes what is shown for %s", (name) => {
    for (const scene of scenes) {
      const view = kindView(kind, kind.startsWith("aurora") ? withoutVolume(scene) : scene);
      for (const { preview } of remedies[name]?.(view) ?? []) {
        for (const call of pastedCalls(preview) ?? []) {
          expect(missingMembers(call), preview).toEqual([]);
          expect(brokenDependencies(call, view), preview).toEqual([]);
        }
      }
    }
  });
});

/** What each kind takes of what can be done after a yes; the rest is shown to a person. */
const offered: Readonly<Record<string, readonly string[]>> = {
  "rds-instance": [
    ...["change-parameter", "grow-storage", "own-parameter-group", "reboot-instance"],
    ...["scale-instance-class", "take-snapshot", "tune-storage"],
  ],
  "aurora-provisioned": [
    ...["change-parameter", "own-parameter-group", "reboot-instance"],
    ...["scale-instance-class", "take-snapshot"],
  ],
  "multi-az-cluster": [
    ...["change-parameter", "grow-storage", "own-parameter-group", "reboot-instance"],
    ...["scale-instance-class", "take-snapshot", "tune-storage"],
  ],
  "aurora-serverless-v2": [
    ...["change-parameter", "own-parameter-group", "reboot-instance"],
    ...["scale-serverless-capacity", "take-snapshot"],
  ],
};
const asKind: Readonly<Record<string, string>> = {
  "multi-az-instance": "rds-instance",
  "read-replica": "rds-instance",
  "aurora-global": "aurora-provisioned",
};

describe.each(kinds)("what the responder offers to do on AWS for a database of kind %s", (kind) => {
  const proposals = scenes
    .map((scene) => kindView(kind, kind.startsWith("aurora") ? withoutVolume(scene) : scene))
    .flatMap((view) => Object.values(remedies).flatMap((remedy) => remedy(view)))
    .filter(({ automatic }) => automatic);

  it("A0 is an action of AWS that reads its input, and is shown as it will be sent", () => {
    expect([...new Set(proposals.map(({ id }) => id))].toSorted()).toEqual(offered[asKind[kind] ?? kind]);
    for (const proposal of proposals) {
      const action = awsActions.find(({ id }) => id === proposal.id);
      expect(action?.bind(proposal.input), proposal.preview).not.toBeNull();
      expect(action?.risk).toBe(proposal.risk);
      expect(actionKeyOf(proposal)).toContain(proposal.id);
      const calls = proposal.id === "own-parameter-group" ? 3 : 1;
      expect(pastedCalls(proposal.preview)).toHaveLength(calls);
    }
  });

  it("D11 is never done before a person was asked, whatever the policy says", () => {
    for (const proposal of proposals) expect(unsureRefusal(proposal)?.guard).toBe("never-alone");
  });
});

describe("what is not offered, and shown to a person", () => {
  const automaticIn = (scene: KindScene, name: string) =>
    (remedies[name]?.(kindView("rds-instance", scene)) ?? []).map(({ automatic }) => automatic);

  it.each<[string, KindScene]>([
    ["the next class", { self: { status: "storage-optimization" } }],
    ["the next class", { self: { instanceClass: "db.r5.24xlarge" } }],
    ["grow the storage", { self: { status: "storage-optimization" } }],
    ["a restart", { self: { status: "modifying" } }],
    ["a snapshot as found", {}],
    ["a copy from before", {}],
    ["a start", {}],
  ])("A0 %s (%j)", (name, scene) => {
    expect(automaticIn(scene, name)).toEqual([false]);
  });
});

/** Aurora has no volume of its own to describe. */
function withoutVolume(scene: KindScene): KindScene {
  return { ...scene, self: { ...scene.self, storage: null } };
}

const purposes: readonly CallPurpose[] = [
  "grow-storage",
  "tune-storage",
  "scale-class",
  "scale-capacity",
  "set-instance-parameter",
  "set-cluster-parameter",
  "make-instance-group",
  "make-cluster-group",
  "use-instance-group",
  "use-cluster-group",
  "restart",
  "start",
  "snapshot",
  "restore-to-time",
  "add-instance",
  "add-replica",
  "apply-maintenance",
  "change-authority",
];

describe("the table of calls", () => {
  it("A0 has a page for every row, and every call that is shown has a row with all that it needs", () => {
    for (const kind of kinds) {
      const rows = purposes.map((purpose) => callRow(kind, purpose, kind === "aurora-serverless-v2"));
      for (const { page } of rows) expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/AmazonRDS\//);
      const calls = Object.values(remedies)
        .flatMap((remedy) => remedy(kindView(kind)))
        .flatMap(({ preview }) => pastedCalls(preview) ?? []);
      for (const { operation, input } of calls) {
        const fitting = rows.filter(
          (row) =>
            "operation" in row &&
            row.operation === operation &&
            [row.names, ...row.needs].every((name) => Object.hasOwn(input, name)),
        );
        expect(fitting.length, `${operation} for ${kind}`).toBeGreaterThan(0);
      }
    }
  });
});

/** Which calls each kind of database is shown, when everything that they need is known. */
const shown: Readonly<Record<string, readonly string[]>> = {
  "grow the storage": ["ModifyDBInstance", "ModifyDBCluster", ""],
  "more IOPS": ["ModifyDBInstance, ModifyDBInstance", "ModifyDBCluster, ModifyDBCluster", ""],
  "more throughput": ["ModifyDBInstance, ModifyDBInstance", "ModifyDBCluster, ModifyDBCluster", ""],
  "the next class": ["ModifyDBInstance", "ModifyDBCluster", "ModifyDBInstance"],
  "more capacity": ["", "", ""],
  "a parameter of the instance": [
    "ModifyDBParameterGroup",
    "ModifyDBClusterParameterGroup",
    "ModifyDBParameterGroup",
  ],
  "a parameter of the cluster": [
    "ModifyDBParameterGroup",
    "ModifyDBClusterParameterGroup",
    "ModifyDBClusterParameterGroup",
  ],
  "a restart": ["RebootDBInstance", "RebootDBCluster", "RebootDBInstance"],
  "a start": ["StartDBInstance", "", "StartDBCluster"],
  "a snapshot": ["CreateDBSnapshot", "CreateDBClusterSnapshot", "CreateDBClusterSnapshot"],
  "a copy from before": [
    "RestoreDBInstanceToPointInTime",
    "RestoreDBClusterToPointInTime",
    "RestoreDBClusterToPointInTime, CreateDBInstance",
  ],
};

describe("one call for one kind", () => {
  const at = (name: string, view: View) =>
    (remedies[name]?.(view) ?? [])
      .flatMap(({ preview }) => pastedCalls(preview)?.map(({ operation }) => operation) ?? ["withheld"])
      .join(", ");

  it.each(Object.entries(shown))(
    "A20 A23 A24 shows for %s what the kind takes",
    (name, [single, multi, aurora]) => {
      // No class that passes less than the volume could be given.
      const scene = name === "more IOPS" ? { self: { instanceClass: "db.r6gd.4xlarge" } } : {};
      for (const kind of ["rds-instance", "multi-az-instance", "read-replica"] as const) {
        expect(at(name, kindView(kind, scene))).toBe(single);
      }
      expect(at(name, kindView("multi-az-cluster", scene))).toBe(multi);
      for (const kind of ["aurora-provisioned", "aurora-global"] as const) {
        expect(at(name, kindView(kind))).toBe(aurora);
      }
    },
  );

  it("A28 adds an instance to a restored Aurora cluster when there is a cluster to add it to", () => {
    const [copy] = restoreElsewhere(kindView("aurora-provisioned"), "2026-11-21T09:30:00Z");
    expect(copy?.preview.split(" &&\n").map((line) => line.split(" ").slice(2, 4).join(" "))).toEqual([
      "restore-db-cluster-to-point-in-time --source-db-cluster-identifier",
      "wait db-cluster-available",
      "create-db-instance --db-instance-identifier",
    ]);
  });

  it("A21 gives a db.serverless instance capacity, whether a class or capacity is what is short", () => {
    const view = kindView("aurora-serverless-v2");
    const capacity =
      "aws rds modify-db-cluster --db-cluster-identifier shop --serverless-v2-scaling-configuration MinCapacity=2,MaxCapacity=32 --apply-immediately --region eu-west-1";
    expect(raiseServerlessCapacity(view)[0]).toMatchObject({ preview: capacity, risk: "disruptive" });
    expect(scaleInstanceClass(view)[0]?.preview).toBe(capacity);
    const global = kindView("aurora-global", {
      self: { instanceClass: "db.serverless" },
      cluster: { serverless: { minAcu: 2, maxAcu: 16, autoPauseSeconds: null } },
    });
    expect(scaleInstanceClass(global)[0]?.preview).toBe(capacity);
  });
});

describe("what is not known", () => {
  it("A0 shows no call where the kind of database is not known, but what would tell it", () => {
    const view = kindView("rds-instance");
    const named = { ...view.evidence, context: null, target: { ...view.evidence.target, accountId: null } };
    for (const remedy of Object.values(remedies)) {
      for (const { preview } of remedy({ ...view, evidence: named })) {
        expect(pastedCalls(preview), preview).toBeNull();
        expect(preview).toContain("could not be seen");
      }
    }
  });

  it("A0 shows no call with a missing value, a placeholder or a choice left open", () => {
    for (const kind of kinds) {
      for (const scene of scenes) {
        for (const remedy of Object.values(remedies)) {
          for (const { preview } of remedy(kindView(kind, scene))) {
            expect(preview).not.toMatch(/LARGER|GIBIBYTES|PARAMETER-GROUP|null|undefined|NaN|\/\*|each/);
          }
        }
      }
    }
  });

  it("A0 names the Region, so that the same name in another one stays as it is", () => {
    expect(growStorage(kindView("rds-instance"))[0]?.preview).toContain(" --region eu-west-1");
  });
});

describe("what a larger class costs", () => {
  const told = (prices: object | null) => {
    const view = kindView("rds-instance");
    const policy = settingsSchema.parse({ policy: { prices } }).policy;
    return scaleInstanceClass({ ...view, policy })[0]?.consequence;
  };
  const list = { asOf: "2026-11-01", source: "our contract" };

  it("A20 is told as a multiple where no price is known", () => {
    expect(told(null)).toContain("costs about 2 times as much. Its cache");
  });

  it("A20 is told with the date and the source of the list, and says so where the list has no such class", () => {
    const perHour = { "db.r6g.large": 0.17, "db.r6g.xlarge": 0.34 };
    expect(told({ ...list, perHour })).toContain(
      "costs about 2 times as much (0.17 USD more an hour for each instance: our contract, 2026-11-01).",
    );
    expect(told({ ...list, perHour: { "db.r6g.large": 0.17 } })).toContain("not in our contract, 2026-11-01");
  });
});
