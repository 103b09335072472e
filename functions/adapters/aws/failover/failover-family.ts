import type { DBCluster, DBInstance, GlobalCluster, RDSClient } from "@aws-sdk/client-rds";
import { DescribeGlobalClustersCommand, GlobalClusterNotFoundFault } from "@aws-sdk/client-rds";
import { AwsError } from "../../../core/errors.ts";
import { during } from "../attempt.ts";
import { describeCluster } from "../rds-describe.ts";
import { groupName, parseArn } from "../rds-names.ts";
import { isSupported } from "../rds-target.ts";
import { type ControlPlaneOptions, localName, placeOf } from "./failover-reach.ts";
import type { Readings } from "./readings.ts";

/** What the name that somebody typed belongs to. */
export type Found =
  | { readonly kind: "instance"; readonly instance: DBInstance }
  | { readonly kind: "cluster"; readonly cluster: DBCluster }
  | { readonly kind: "global"; readonly global: GlobalCluster };

/**
 * An instance, a cluster, or a global database. A cluster of a global database is failed over within its Region; who
 * wants to leave the Region names the global database.
 */
export async function find(
  database: string,
  options: ControlPlaneOptions,
  readings: Readings,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const { reads, id } = placeOf(database, options);
  const lookup = { client: reads, signal };
  const instance = await readings.instance(database);
  const clusterId = instance === null ? id : (instance.DBClusterIdentifier ?? "");
  if (instance !== null && clusterId === "") return supported({ kind: "instance", instance }, instance);
  const cluster = await describeCluster(lookup, { id: clusterId });
  if (cluster !== null) return supported({ kind: "cluster", cluster }, cluster);
  const global = await describeGlobal(reads, id, signal);
  if (global !== null) return supported({ kind: "global", global }, global);
  throw new AwsError("DBInstanceNotFoundFault", true, `RDS knows no database, cluster or global ${database}`);
}

function supported(found: Found, { Engine: engine }: DBInstance | DBCluster | GlobalCluster): Found {
  if (isSupported(engine === undefined ? {} : { Engine: engine })) return found;
  const what = engine ?? "an engine that it does not name";
  throw new AwsError("UnsupportedEngine", true, `it is ${what}, which the responder does not know`);
}

async function describeGlobal(
  client: RDSClient,
  id: string,
  signal: AbortSignal | undefined,
): Promise<GlobalCluster | null> {
  try {
    const command = new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: id });
    const { GlobalClusters: all = [] } = await client.send(command, during(signal));
    return all.find((global) => global.GlobalClusterIdentifier === id.toLowerCase()) ?? null;
  } catch (error) {
    if (error instanceof GlobalClusterNotFoundFault) return null;
    throw error;
  }
}

/** Replicas of replicas: MySQL allows three levels. */
const maxRounds = 6;
const maxNodes = 32;

export interface Family {
  /** The head of the chain of sources. */
  readonly root: DBInstance;
  readonly members: readonly DBInstance[];
}

/** Everybody who replicates from or to the instance, in whichever Region; and whom runs before promoted out of it. */
export async function familyOf(
  instance: DBInstance,
  promoted: readonly string[],
  options: ControlPlaneOptions,
  readings: Readings,
): Promise<Family> {
  const nameOf = (of: DBInstance) =>
    localName(of.DBInstanceArn ?? of.DBInstanceIdentifier ?? "", options.region);
  const found = new Map([[nameOf(instance), instance]]);
  // Named by somebody and described by nobody: deleted just now.
  const unknown = new Set<string>();
  let wanted: readonly string[] = [...promoted, ...relatives(instance, options.region)];
  for (let round = 0; round < maxRounds && wanted.length > 0 && found.size < maxNodes; round += 1) {
    const asked = await Promise.all(
      wanted.map(async (name) => ({ name, instance: await readings.instance(name) })),
    );
    for (const { name, instance: one } of asked) {
      if (one === null) unknown.add(name);
      else if (isSupported(one)) found.set(name, one);
    }
    const next = [...found.values()].flatMap((one) => relatives(one, options.region));
    wanted = [...new Set(next)].filter((name) => !found.has(name) && !unknown.has(name));
  }
  return { root: rootOf(nameOf(instance), found, options.region), members: [...found.values()] };
}

/** Source and replicas; a bare name is of the instance's own Region. */
function relatives(instance: DBInstance, region: string): readonly string[] {
  const { DBInstanceArn: arn = "", ReadReplicaSourceDBInstanceIdentifier: source } = instance;
  const own = parseArn(arn)?.region ?? region;
  const names = [...(source ? [source] : []), ...(instance.ReadReplicaDBInstanceIdentifiers ?? [])];
  return names.map((name) =>
    parseArn(name) === null && own !== region ? arn.replace(/[^:]*$/, name) : localName(name, region),
  );
}

function rootOf(name: string, found: ReadonlyMap<string, DBInstance>, region: string): DBInstance {
  let root = found.get(name);
  for (let level = 0; level < maxRounds; level += 1) {
    const source = root?.ReadReplicaSourceDBInstanceIdentifier;
    const above = source ? found.get(localName(source, region)) : undefined;
    if (above === undefined) break;
    root = above;
  }
  if (root === undefined) throw new Error(`${name} is not in its own family`);
  return root;
}

/** The same name of a group as its incidents have: that of the source where the source itself is not to be seen. */
export function groupOf(root: DBInstance): string {
  return groupName(root, root.ReadReplicaSourceDBInstanceIdentifier || (root.DBInstanceIdentifier ?? ""));
}
