import {
  type DBCluster,
  DBClusterNotFoundFault,
  type DBInstance,
  DBInstanceNotFoundFault,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type RDSClient,
  RDSServiceException,
} from "@aws-sdk/client-rds";

export interface Lookup {
  readonly client: RDSClient;
  readonly signal: AbortSignal | undefined;
}

export type Wanted = { readonly id: string } | { readonly resourceId: string };

export async function describeInstance(
  { client, signal }: Lookup,
  wanted: Wanted,
): Promise<DBInstance | null> {
  const command = new DescribeDBInstancesCommand(
    "id" in wanted
      ? { DBInstanceIdentifier: wanted.id }
      : { Filters: [{ Name: "dbi-resource-id", Values: [wanted.resourceId] }] },
  );
  const answer = await unlessUnknown(client.send(command, during(signal)));
  return answer?.DBInstances?.[0] ?? null;
}

export async function describeCluster({ client, signal }: Lookup, wanted: Wanted): Promise<DBCluster | null> {
  const command = new DescribeDBClustersCommand(
    "id" in wanted
      ? { DBClusterIdentifier: wanted.id }
      : { Filters: [{ Name: "db-cluster-resource-id", Values: [wanted.resourceId] }] },
  );
  const answer = await unlessUnknown(client.send(command, during(signal)));
  return answer?.DBClusters?.[0] ?? null;
}

function during(signal: AbortSignal | undefined) {
  return signal ? { abortSignal: signal } : {};
}

async function unlessUnknown<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DBInstanceNotFoundFault || error instanceof DBClusterNotFoundFault) return null;
    // An alarm may name anything; RDS calls what cannot be an identifier an invalid value, the only one sent here.
    if (error instanceof RDSServiceException && error.name === "InvalidParameterValue") return null;
    throw error;
  }
}
