import { clientEnvironment } from "../endpoint/client-environment.ts";
import type { AwsEndpoint } from "../endpoint/moto.ts";
import type { Engine } from "../engines/lab-server.ts";
import type { PostgresMajor } from "../engines/postgres-binaries.ts";
import type { AwsCall } from "./api/aws-call.ts";
import { createControl } from "./api/control.ts";
import { startLabEndpoint } from "./api/endpoint.ts";
import { createFaults, type FaultRequest } from "./api/faults.ts";
import type { Database } from "./world/database.ts";
import { type Delays, delaysSchema } from "./world/delays.ts";
import type { LedgerEntry } from "./world/ledger.ts";
import { type Life, startLife } from "./world/life.ts";
import { type Listed, listed } from "./world/listing.ts";
import { startSampler } from "./world/metrics.ts";
import { createNames, type NameBook, type NameKind } from "./world/names.ts";
import { type Resolved, type Resolver, startResolver } from "./world/resolver.ts";
import { applySecurityGroups, changesSecurity } from "./world/security-groups.ts";
import { buildTopology, type Topology } from "./world/topology.ts";
import type { Hosts, World } from "./world/world.ts";

export interface LabOptions {
  readonly engine: Engine;
  /** Of PostgreSQL; 17 when not told. */
  readonly major?: PostgresMajor;
  readonly topology: Topology;
  readonly replicas?: number;
  /** What every database's name begins with. */
  readonly name?: string;
  readonly delays?: Partial<Delays>;
  /** `each` (Linux) where names without a port are to tell databases apart; `one` when not told. */
  readonly hosts?: Hosts;
  /** moto that is there already and nobody else uses: emptied first, and left running. */
  readonly aws?: AwsEndpoint;
}

/** RDS over real engines on this machine, for as long as a test or a person wants it. */
export interface Lab {
  readonly endpoint: string;
  readonly region: string;
  /** All that a client of AWS needs to ask this lab and nobody else. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the engine, as RDS writes it. */
  readonly version: string;
  database(id: string): Database;
  databases(): readonly Database[];
  /** As `npm run lab` writes it. */
  description(): LabDescription;
  /** Where clients who ask for the name are led at this moment. */
  resolve(kind: NameKind): Resolved;
  /** From now on these faults and no others. */
  inject(...faults: readonly FaultRequest[]): void;
  ledger(): readonly LedgerEntry[];
  /** No change is under way any more. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface LabDescription {
  readonly awsEndpoint: string;
  readonly region: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly databases: readonly Listed[];
  /** The record that clients follow; the parameter and the secret beside it are in `names`. */
  readonly name: string;
  readonly names: NameBook;
}

export async function startLab(options: LabOptions): Promise<Lab> {
  const { engine, major = 17, delays = {}, hosts = "one", aws } = options;
  const life = await startLife({ engine, major, hosts, delays: delaysSchema.parse(delays), aws });
  try {
    return await openLab(life, options);
  } catch (error) {
    await life.stop();
    throw error;
  }
}

async function openLab({ world, region, stop }: Life, options: LabOptions): Promise<Lab> {
  const { topology, name = "orders", replicas = usualReplicas(topology) } = options;
  await buildTopology(world, { topology, name, replicas });
  const resolver = await openNames(world, name);
  const faults = createFaults();
  const front = await startLabEndpoint({
    ...{ world, faults, control: createControl(world, faults, resolver) },
    carriedOut: (call) => afterCall(world, resolver, call),
  });
  const sampler = startSampler(world);
  return {
    endpoint: front.url,
    region,
    environment: environmentOf(front.url, region),
    version: world.kind.version,
    database: (id) => {
      const found = world.databases.get(id);
      if (found === undefined) throw new Error(`no ${id} among ${[...world.databases.keys()].join(", ")}`);
      return found;
    },
    databases: () => [...world.databases.values()],
    description: () => ({
      ...{ awsEndpoint: front.url, region, databases: listed(world) },
      ...{ environment: environmentOf(front.url, region), name: resolver.book.record, names: resolver.book },
    }),
    resolve: (kind) => resolver.resolve(kind),
    inject: (...rules) => faults.set(rules),
    ledger: () => world.ledger.entries(),
    settled: async () => {
      await world.settled();
      await resolver.settled();
    },
    stop: async () => {
      resolver.stop();
      await sampler.stop();
      await front.stop();
      await stop();
    },
  };
}

function usualReplicas(topology: Topology): number {
  return topology === "primary-replica" || topology === "aurora" ? 1 : 0;
}

async function openNames(world: World, name: string): Promise<Resolver> {
  const [primary] = world.databases.values();
  const [cluster] = world.clusters.values();
  const door = cluster?.endpoint ?? primary?.endpoint;
  if (door === undefined) throw new Error("there is no database to name");
  return startResolver(world, await createNames(world.moto, name, door, world.kind.engine));
}

async function afterCall(world: World, resolver: Resolver, call: AwsCall): Promise<void> {
  resolver.heard(call);
  const { service, operation } = call;
  if (service !== "ec2" || !changesSecurity(operation)) return;
  for (const database of world.databases.values()) await applySecurityGroups(world, database);
}

/** Only what is about AWS: the rest of a client's environment is its own. */
function environmentOf(endpoint: string, region: string): Record<string, string> {
  return clientEnvironment({ endpoint, region, given: false }, {});
}
