import type { RDSClient } from "@aws-sdk/client-rds";
import type { Route53Client } from "@aws-sdk/client-route-53";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { FailoverTopology, Node } from "../../../core/contract/failover-topology.ts";
import { AwsError } from "../../../core/errors.ts";
import type { Stamp } from "../../../core/failover/effect.ts";
import type { NameReading } from "../../../core/failover/ports.ts";
import type { Clock } from "../../../core/ports.ts";
import { describeCluster, describeInstance } from "../rds-describe.ts";
import { identifierOf, parseArn } from "../rds-names.ts";
import { type Address, plain } from "./name-value.ts";

export interface NamesOptions {
  readonly rds: RDSClient;
  /** RDS of another Region; left out: nodes there have no address that is known here. */
  readonly rdsAt?: (region: string) => RDSClient;
  readonly route53: Route53Client;
  readonly secrets: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly clock: Clock;
  /** Throws for whoever was deposed. */
  readonly admit: (stamp: Stamp, signal?: AbortSignal) => Promise<void>;
  /** Whether it answers as one that takes writes: the door's look. Null: could not be asked. */
  readonly takesWrites: (
    node: Node,
    topology: FailoverTopology,
    signal?: AbortSignal,
  ) => Promise<boolean | null>;
  /** Where the name leads a client that looks it up now, in the network of the clients; null: nowhere. Throws: not asked. */
  readonly resolve: (name: string, signal?: AbortSignal) => Promise<string | null>;
}

type Signal = AbortSignal | undefined;

/** One kind of name: where it stands now, where it leads, and how it is moved. */
export interface NameKind {
  read(topology: FailoverTopology, signal: Signal): Promise<Standing>;
  point(to: string, signal: Signal, stamp: Stamp): Promise<void>;
}

export interface Standing {
  /** By host, or as the identifier of an instance where that is what stands there. */
  readonly stands: { readonly host: string } | { readonly id: string } | null;
  /** What a client comes to by it; absent: the same. */
  readonly leads?: { readonly host: string } | null;
  readonly ttlSeconds: number | null;
}

export async function addressOf(
  node: string,
  { rds, rdsAt }: Pick<NamesOptions, "rds" | "rdsAt">,
  signal: Signal,
): Promise<Address> {
  const region = parseArn(node)?.region;
  const client = region === undefined ? rds : rdsAt?.(region);
  if (client === undefined) throw new AwsError("NoEndpoint", true, `RDS of ${region} cannot be asked here`);
  const instance = await describeInstance({ client, signal }, { id: identifierOf(node) });
  const { Address: host, Port: port } = instance?.Endpoint ?? {};
  if (host === undefined || port === undefined) {
    throw new AwsError("NoEndpoint", true, `RDS shows no address of ${node}`);
  }
  return { host, port };
}

type Hosts = readonly { readonly node: Node; readonly host: string | null }[];

export function hostsOf({ nodes }: FailoverTopology, options: NamesOptions, signal: Signal): Promise<Hosts> {
  return Promise.all(nodes.map(async (node) => ({ node, host: await hostOf(node.id, options, signal) })));
}

/** Whose address stands there, and who answers by it as a writer: asked at the address that a client comes to. */
export async function readingOf(
  { stands, leads = stands && "host" in stands ? stands : null, ttlSeconds }: Standing,
  hosts: Hosts,
  topology: FailoverTopology,
  options: NamesOptions,
  signal: Signal,
): Promise<NameReading> {
  const own = (host: string) => hosts.find((each) => each.host === plain(host))?.node ?? null;
  const others = [stands, leads].some((one) => one !== null && "host" in one && own(one.host) === null);
  const shared = others ? await clusterHost(topology, options, signal) : null;
  // The endpoint of a cluster follows its writer, and is the address of none of its instances.
  const at = (host: string) => (plain(host) === shared ? writerOf(topology) : own(host));
  const points = stands === null ? null : "id" in stands ? nodeOf(topology, stands.id) : at(stands.host);
  const reached = stands !== null && "id" in stands ? points : leads === null ? null : at(leads.host);
  const writes = reached === null ? null : await options.takesWrites(reached, topology, signal);
  const ours = { hosts, found: points, isOurs: (host: string) => at(host) !== null };
  return {
    pointsTo: points?.id ?? null,
    ...(await strangerOf(stands, ours, options, signal)),
    proves: reached !== null && writes === true ? reached.id : null,
    ttlSeconds,
  };
}

/** An address of RDS itself is no alias, and no name server is needed to tell whose it is. */
const endpointOfRds = /\.rds\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$/;
/** Names of names: so many steps an alias of the clients' own network may take to one of ours. */
const maxSteps = 4;

interface Ours {
  readonly hosts: Hosts;
  /** Whose address stands there. What resolvers have still of before says nothing of it. */
  readonly found: Node | null;
  readonly isOurs: (host: string) => boolean;
}

/**
 * Whom RDS does not show is no node here, and may have its clients by this name. Empty: it is or may be one of ours. Throws
 * where a name of names could not be followed: it may lead to one of ours, and is as one that was not read.
 */
async function strangerOf(
  stands: Standing["stands"],
  { hosts, found, isOurs }: Ours,
  { resolve }: NamesOptions,
  signal: Signal,
): Promise<Pick<NameReading, "stranger" | "formerly">> {
  if (stands === null || found !== null) return {};
  if ("id" in stands) return { stranger: stands.id };
  // One that is being made has none, and no clients.
  if (hosts.some(({ node, host }) => host === null && node.status !== "creating")) return {};
  const stranger = { stranger: plain(stands.host), ...formerlyOf(stands.host, hosts) };
  if (endpointOfRds.test(plain(stands.host)) && !isOurs(stands.host)) return stranger;
  let next: string | null = stands.host;
  for (let step = 0; step < maxSteps && next !== null; step += 1) {
    if (isOurs(next)) return {};
    next = await resolve(plain(next), signal);
  }
  return stranger;
}

/** Behind its first label an endpoint of RDS is the same for all of an account in a Region, and of nobody else. */
function formerlyOf(host: string, hosts: Hosts): Pick<NameReading, "formerly"> {
  const [label = "", ...rest] = plain(host).split(".");
  // Those of other Regions go by their ARN.
  const own = hosts.filter(({ node }) => parseArn(node.id) === null);
  const same = own.some((each) => each.host?.split(".").slice(1).join(".") === rest.join("."));
  return same && rest.length > 0 && label !== "" ? { formerly: label } : {};
}

function writerOf({ nodes, primary }: FailoverTopology): Node | null {
  return nodes.find(({ id }) => id === primary) ?? null;
}

async function clusterHost(
  { clusterId }: FailoverTopology,
  { rds }: NamesOptions,
  signal: Signal,
): Promise<string | null> {
  if (clusterId === null) return null;
  const { Endpoint: host } = (await describeCluster({ client: rds, signal }, { id: clusterId })) ?? {};
  return host === undefined ? null : plain(host);
}

function nodeOf({ nodes }: FailoverTopology, id: string): Node | null {
  return nodes.find((node) => node.id === id) ?? null;
}

/** One that is being made or is gone has none, which is no reason not to know the others. */
async function hostOf(node: string, options: NamesOptions, signal: Signal): Promise<string | null> {
  try {
    return plain((await addressOf(node, options, signal)).host);
  } catch (error) {
    if (error instanceof AwsError && error.code === "NoEndpoint") return null;
    throw error;
  }
}
