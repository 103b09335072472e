import type { DBCluster, DBInstance, RDSClient } from "@aws-sdk/client-rds";
import type { DatabaseRef } from "../../core/contract/signal.ts";
import type { Target } from "../../core/contract/target.ts";
import type { RdsControl } from "../../core/ports.ts";
import { describeCluster, describeInstance, type Lookup, type Wanted } from "./rds-describe.ts";
import { groupName, identifierOf, parseArn } from "./rds-names.ts";
import { isSupported, targetOf } from "./rds-target.ts";

/** A replica of a replica of …: MySQL allows three levels; anything longer is a mistake of ours. */
const maxChain = 5;

/** Databases as RDS describes them. Neptune and DocumentDB answer to the same calls and are none of ours. */
export function createRdsControl({ client }: { readonly client: RDSClient }): RdsControl {
  return {
    find: async (ref, signal) => {
      const lookup: Lookup = { client, signal };
      const found = await locate(lookup, ref);
      if (!found || !isSupported(found.instance)) return null;
      return describe(lookup, found.instance, found.cluster);
    },
    foreignEngine: async (ref, signal) => {
      const lookup: Lookup = { client, signal };
      const known = isClusterRef(ref)
        ? await describeCluster(lookup, wantedBy(ref))
        : await describeInstance(lookup, wantedBy(ref));
      return known === null || isSupported(known) ? null : (known.Engine ?? "an engine without a name");
    },
  };
}

function isClusterRef({ kind, id }: DatabaseRef): boolean {
  return kind === "cluster" || (kind === "resource-id" && id.startsWith("cluster-"));
}

function wantedBy({ kind, id }: DatabaseRef): Wanted {
  return kind === "resource-id" ? { resourceId: id } : { id };
}

interface Located {
  readonly instance: DBInstance;
  /** Not asked for yet when undefined. */
  readonly cluster?: DBCluster;
}

async function locate(lookup: Lookup, ref: DatabaseRef): Promise<Located | null> {
  return isClusterRef(ref)
    ? inCluster(lookup, await describeCluster(lookup, wantedBy(ref)))
    : asLocated(await describeInstance(lookup, wantedBy(ref)));
}

function asLocated(instance: DBInstance | null): Located | null {
  return instance && { instance };
}

/** A reference to a cluster means its writer; during a failover there may be none, and any member will do. */
async function inCluster(lookup: Lookup, cluster: DBCluster | null): Promise<Located | null> {
  const members = cluster?.DBClusterMembers ?? [];
  const chosen = members.find((member) => member.IsClusterWriter) ?? members[0];
  if (!cluster || !chosen?.DBInstanceIdentifier) return null;
  const instance = await describeInstance(lookup, { id: chosen.DBInstanceIdentifier });
  return instance && { instance, cluster };
}

async function describe(lookup: Lookup, instance: DBInstance, known?: DBCluster): Promise<Target> {
  const cluster =
    known ??
    (instance.DBClusterIdentifier
      ? await describeCluster(lookup, { id: instance.DBClusterIdentifier })
      : null);
  const group = instance.DBClusterIdentifier
    ? groupName(instance, instance.DBClusterIdentifier)
    : await groupOfReplicas(lookup, instance);
  return targetOf(instance, cluster, group);
}

/** The primary at the head of a chain of replicas; the chain may leave this Region, where only its ARN is known. */
async function groupOfReplicas(lookup: Lookup, instance: DBInstance): Promise<string> {
  let member = instance;
  for (let level = 0; level < maxChain; level += 1) {
    if (member.ReadReplicaSourceDBClusterIdentifier) {
      return groupName(member, member.ReadReplicaSourceDBClusterIdentifier);
    }
    const source = member.ReadReplicaSourceDBInstanceIdentifier;
    if (!source) break;
    if (isElsewhere(source, member)) return groupName(member, source);
    const next = await describeInstance(lookup, { id: identifierOf(source) });
    if (!next) return groupName(member, source);
    member = next;
  }
  return groupName(member, member.DBInstanceIdentifier ?? "");
}

function isElsewhere(source: string, member: DBInstance): boolean {
  const there = parseArn(source);
  const here = parseArn(member.DBInstanceArn ?? "");
  return there !== null && (there.region !== here?.region || there.accountId !== here.accountId);
}
