import { createDoors } from "../network/doors.ts";
import type { Cluster, Database } from "./database.ts";
import { engineName, masterLogin, tagParameters } from "./register.ts";
import type { World } from "./world.ts";

/**
 * The two addresses of a cluster. RDS gives them one port and two names; here both are on this machine, so that the
 * readers' has the second loopback address.
 */
export async function openCluster(world: World, id: string, writer: Database): Promise<Cluster> {
  const writerDoors = createDoors(() => cluster.writer.node.port());
  const readerDoors = createDoors(() => readerPort(world, cluster));
  const endpoint = await writerDoors.open("endpoint");
  const readerEndpoint = await readerDoors.open("endpoint", { host: "127.0.0.2", port: endpoint.port });
  const parameterGroup = `${id}-cluster-parameters`;
  const cluster: Cluster = {
    ...{ id, writer, writerDoors, readerDoors, endpoint, readerEndpoint, parameterGroup, status: null },
  };
  world.clusters.set(id, cluster);
  return cluster;
}

/** Any reader that runs; without one the writer, as with Aurora. */
function readerPort({ databases }: World, { id, writer }: Cluster): number | null {
  const readers = [...databases.values()].filter(
    (member) => member.clusterId === id && member !== writer && member.node.port() !== null,
  );
  const chosen = readers[Math.floor(Math.random() * readers.length)] ?? writer;
  return chosen.node.port();
}

export async function registerCluster(
  world: World,
  { id, parameterGroup }: Cluster,
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const { moto, kind, groups } = world;
  const engine = engineName(world, true);
  await moto.must("rds", "CreateDBClusterParameterGroup", {
    ...{ DBClusterParameterGroupName: parameterGroup, Description: "of the lab" },
    DBParameterGroupFamily: `${engine}${/^\d+/.exec(kind.version)?.[0] ?? ""}`,
  });
  groups.set(parameterGroup, new Map());
  await moto.must("rds", "CreateDBCluster", {
    ...{ DBClusterIdentifier: id, Engine: engine, EngineVersion: kind.version, DatabaseName: "app" },
    ...{ DBClusterParameterGroupName: parameterGroup, BackupRetentionPeriod: "7" },
    ...masterLogin(),
    ...tagParameters(),
    ...more,
  });
}
