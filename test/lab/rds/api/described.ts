import type { Cluster, Database } from "../world/database.ts";
import type { World } from "../world/world.ts";
import { elements, mapElements, setElement, textOf } from "./xml-blocks.ts";

/** moto's answer with what the engines make of it: addresses, statuses, who follows whom, what is pending. */
export function described(world: World, xml: string): string {
  const instances = mapElements(xml, "DBInstance", (block) => {
    const database = world.databases.get(textOf(block, "DBInstanceIdentifier") ?? "");
    return database === undefined ? block : describedInstance(world, database, block);
  });
  const known = mapElements(instances, "DBSnapshot", (block) => {
    const database = world.databases.get(textOf(block, "DBInstanceIdentifier") ?? "");
    return database === undefined ? block : setElement(block, "DbiResourceId", database.resourceId);
  });
  return mapElements(known, "DBCluster", (block) => {
    const cluster = world.clusters.get(textOf(block, "DBClusterIdentifier") ?? "");
    return cluster === undefined ? block : describedCluster(cluster, block);
  });
}

function describedInstance(world: World, database: Database, block: string): string {
  const { endpoint, status, pending } = database;
  const address = `<Address>${endpoint.host}</Address><Port>${endpoint.port}</Port>`;
  // RDS has no address for an instance that is being created.
  let xml = setElement(block, "Endpoint", status === "creating" ? null : address);
  if (status !== null) xml = setElement(xml, "DBInstanceStatus", status);
  xml = setElement(xml, "DbiResourceId", database.resourceId);
  xml = setElement(xml, "PendingModifiedValues", elements(pending));
  xml = setElement(xml, "ParameterApplyStatus", database.groupStatus);
  if (database.clusterId !== null) return xml;
  const replicas = [...world.databases.values()].filter(({ source }) => source === database);
  const names = replicas.map(
    ({ id }) => `<ReadReplicaDBInstanceIdentifier>${id}</ReadReplicaDBInstanceIdentifier>`,
  );
  xml = setElement(xml, "ReadReplicaDBInstanceIdentifiers", names.join(""));
  xml = setElement(xml, "ReadReplicaSourceDBInstanceIdentifier", database.source?.id ?? null);
  return setElement(xml, "StatusInfos", statusInfos(database));
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstanceStatusInfo.html */
function statusInfos({ replicating }: Database): string {
  if (replicating === null) return "";
  const status = replicating ? "replicating" : "error";
  const told = `<StatusType>read replication</StatusType><Normal>${replicating}</Normal><Status>${status}</Status>`;
  return `<DBInstanceStatusInfo>${told}</DBInstanceStatusInfo>`;
}

function describedCluster({ endpoint, readerEndpoint, status }: Cluster, block: string): string {
  let xml = setElement(block, "Endpoint", endpoint.host);
  xml = setElement(xml, "ReaderEndpoint", readerEndpoint.host);
  xml = setElement(xml, "Port", String(endpoint.port));
  return status === null ? xml : setElement(xml, "Status", status);
}
