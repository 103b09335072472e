import {
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import {
  type ClientSettings,
  createCloudWatchClient,
  createDynamoDbClient,
  createRdsChangeClient,
  createRdsClient,
} from "../../../functions/adapters/aws/clients.ts";
import { createCloudWatchMetrics } from "../../../functions/adapters/aws/cloudwatch-metrics.ts";
import { createDynamoFailoverLock } from "../../../functions/adapters/aws/failover/dynamo-failover-lock.ts";
import { createDynamoRunStore } from "../../../functions/adapters/aws/failover/dynamo-run-store.ts";
import { createRdsControlPlane } from "../../../functions/adapters/aws/failover/rds-control-plane.ts";
import { createRandomIds } from "../../../functions/adapters/aws/random-ids.ts";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { createIncidentTable } from "../incident-table.ts";
import { aRun } from "./lock.contract.ts";

/** The real adapters on an endpoint, and a run that has the lock of whatever group is asked for. */
export async function failoverOn(aws: ClientSettings, rds: ClientSettings = aws) {
  const clock = createSystemClock();
  const shared = {
    client: createDynamoDbClient(aws),
    table: await createIncidentTable(aws),
    ids: createRandomIds(),
  };
  const runs = createDynamoRunStore({ ...shared, clock });
  const lock = createDynamoFailoverLock({ ...shared, runs, clock });
  const plane = createRdsControlPlane({
    region: aws.region,
    at: (region) => ({
      reads: createRdsClient({ ...rds, region }),
      writes: createRdsChangeClient({ ...rds, region }),
      metrics: createCloudWatchMetrics({ client: createCloudWatchClient({ ...aws, region }) }),
    }),
    ...{ clock, records: lock },
    places: async () => ({ names: [], quarantineGroup: "sg-quarantine" }),
  });
  const lockOf = async (group: string) => {
    await runs.save({ ...aRun("run-1"), group });
    const { token } = await lock.take(group, "run-1");
    return { run: "run-1", token, effect: 1 };
  };
  return { plane, lock, lockOf };
}

const login = { MasterUsername: "admin1", MasterUserPassword: "not-a-secret-1" } as const;

/** `orders-db` with its replica `orders-db-1`, as new. */
export async function makeOrders(client: RDSClient, engine = "postgres"): Promise<void> {
  await clear(client);
  await client.send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier: "orders-db", DBInstanceClass: "db.r7g.large", Engine: engine, ...login },
      ...{ AllocatedStorage: 100, BackupRetentionPeriod: 7, VpcSecurityGroupIds: ["sg-app"] },
    }),
  );
  await client.send(
    new CreateDBInstanceReadReplicaCommand({
      ...{ DBInstanceIdentifier: "orders-db-1", SourceDBInstanceIdentifier: "orders-db" },
    }),
  );
}

/** moto goes on showing the source of what it has promoted: here it is shown as RDS does, a stranger. */
export async function showPromoted(client: RDSClient): Promise<void> {
  const { DBInstances: all = [] } = await client.send(new DescribeDBInstancesCommand({}));
  const promoted = all.find(({ PreferredBackupWindow: window }) => window === "03:00-04:00");
  if (promoted === undefined) return;
  const { DBInstanceIdentifier, DBInstanceClass, Engine } = promoted;
  await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  await client.send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier, DBInstanceClass, Engine, ...login, AllocatedStorage: 100 },
    }),
  );
}

async function clear(client: RDSClient): Promise<void> {
  const { DBInstances: all = [] } = await client.send(new DescribeDBInstancesCommand({}));
  // Replicas first: a source that has some may not be deleted.
  const byDepth = all.toSorted(
    (a, b) => depth(b.ReadReplicaSourceDBInstanceIdentifier) - depth(a.ReadReplicaSourceDBInstanceIdentifier),
  );
  for (const { DBInstanceIdentifier } of byDepth) {
    await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  }
}

function depth(source: string | undefined): number {
  return source ? 1 : 0;
}
