import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  CreateDBSnapshotCommand,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCloudWatchClient } from "../../../functions/adapters/aws/clients.ts";
import { createCloudWatchMetrics } from "../../../functions/adapters/aws/cloudwatch-metrics.ts";
import {
  createCloudTrailClient,
  createContextRdsClient,
  createPiClient,
} from "../../../functions/adapters/aws/context-clients.ts";
import { createDatabaseContext } from "../../../functions/adapters/aws/database-context.ts";
import { noDataReason } from "../../../functions/core/metrics/missing-metrics.ts";
import { collect } from "../../../functions/core/respond/collect.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { type AwsEndpoint, startAwsEndpoint } from "../../lab/endpoint/moto.ts";
import { aTarget } from "../../support/evidence-builder.ts";

const endpoint = await startAwsEndpoint();
if ("unavailable" in endpoint) process.stderr.write(`SKIPPED: no AWS endpoint: ${endpoint.unavailable}\n`);

const credentials = { MasterUsername: "master", MasterUserPassword: "not-a-secret-1" };

if ("unavailable" in endpoint)
  describe.skip("an AWS-compatible endpoint", () => it("M2 is not there", () => {}));
else describe(`an AWS-compatible endpoint: ${endpoint.source}`, () => suite(endpoint));

function suite({ endpoint: url, region, stop }: AwsEndpoint): void {
  const settings = { region, endpoint: url };
  const rds = createContextRdsClient(settings);
  const context = createDatabaseContext({
    rds,
    pi: createPiClient(settings),
    cloudTrail: createCloudTrailClient(settings),
  });

  beforeAll(async () => {
    const instance = { DBInstanceClass: "db.m5.large", ...credentials };
    await rds.send(
      new CreateDBInstanceCommand({
        ...instance,
        DBInstanceIdentifier: "orders-db",
        Engine: "postgres",
        AllocatedStorage: 20,
        MultiAZ: true,
      }),
    );
    await rds.send(
      new CreateDBInstanceReadReplicaCommand({
        DBInstanceIdentifier: "orders-r1",
        SourceDBInstanceIdentifier: "orders-db",
      }),
    );
    await rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: "shop",
        Engine: "aurora-postgresql",
        ...credentials,
      }),
    );
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceClass: "db.r5.large",
        DBInstanceIdentifier: "shop-1",
        DBClusterIdentifier: "shop",
        Engine: "aurora-postgresql",
      }),
    );
    await rds.send(
      new CreateDBSnapshotCommand({
        DBInstanceIdentifier: "orders-db",
        DBSnapshotIdentifier: "before-release",
      }),
    );
  });
  afterAll(async () => {
    rds.destroy();
    await stop();
  });

  it("M2 describes a Multi-AZ instance with its replica, and an Aurora cluster", async () => {
    const primary = await context.topology.read(aTarget());
    expect(primary.value?.kind).toBe("multi-az-instance");
    expect(primary.value?.members.map(({ id, role }) => `${id} ${role}`)).toEqual([
      "orders-db writer",
      "orders-r1 replica",
    ]);
    const target = aTarget({ name: "shop-1", clusterId: "shop", flavour: "aurora" });
    const cluster = await context.topology.read(target);
    expect(cluster.value?.kind).toBe("aurora-provisioned");
    expect(cluster.value?.cluster?.id).toBe("shop");
  });

  it("M5 finds the snapshot", async () => {
    const { value } = await context.backups.read(aTarget());
    expect(value?.newestSnapshot?.id).toBe("before-release");
  });

  it("M1 answers a metric without data with the sentence that readings rely on", async () => {
    const metrics = createCloudWatchMetrics({ client: createCloudWatchClient(settings) });
    const query = {
      namespace: "AWS/RDS",
      name: "DBLoad",
      statistic: "Average",
      dimensions: { DBInstanceIdentifier: "orders-db" },
      periodSeconds: 60,
    };
    const to = Date.parse("2026-11-21T10:00:00Z");
    const { missing } = await metrics.read([query], to - 900_000, to);
    expect(missing).toMatchObject([{ reason: noDataReason }]);
    expect(missing[0]?.what).toContain(" DBLoad (");
    expect(missing[0]?.what).toContain("Identifier=orders-db)");
  });

  it("M6 collects all it can; what this endpoint cannot do is listed, not thrown", async () => {
    const report = await collect(
      {
        schema: "assignment.v1",
        incidentId: "inc-1",
        cycle: 1,
        target: aTarget(),
        signal: null,
        tiers: ["immediate"],
        settings: defaultSettings,
      },
      {
        metrics: createCloudWatchMetrics({ client: createCloudWatchClient(settings) }),
        clock: { now: () => Date.parse("2026-11-21T10:00:00Z"), sleep: async () => undefined },
        context,
      },
    );
    expect(report.context?.topology?.kind).toBe("multi-az-instance");
    expect(report.context?.backups?.newestSnapshot?.id).toBe("before-release");
    const others = report.missing.filter(({ what }) => !what.startsWith("metric "));
    for (const { reason } of others)
      expect(reason).toMatch(/^[a-z]+:\w+ failed: |^Performance Insights is off/);
  });
}
