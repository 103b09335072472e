import * as z from "zod";
import type { Member } from "../../contract/topology.ts";
import type { CallInput } from "../../text/aws-call.ts";
import { gp3 } from "../aws-calls/storage-limits.ts";

/** Who reaches what is made, and what it stands on: as its source was seen. What a call leaves out RDS takes from defaults. */
export const placementSchema = z.strictObject({
  securityGroupIds: z.array(z.string().min(1)).min(1).max(20),
  subnetGroup: z.string().min(1).nullable(),
  isPublic: z.boolean(),
  /** Null: a volume of Aurora's, or not seen. */
  storage: z
    .strictObject({ type: z.string(), iops: z.int().nullable(), throughputMibps: z.int().nullable() })
    .nullable(),
});
export type Placement = z.infer<typeof placementSchema>;

/** Null: not seen. */
export function placementOf(member: Member | null): Placement | null {
  const { securityGroupIds = [], subnetGroup = null, isPublic = null } = member?.network ?? {};
  if (securityGroupIds.length === 0 || isPublic === null) return null;
  const { type = null, iops = null, throughputMibps = null } = member?.storage ?? {};
  const storage = type === null ? null : { type, iops, throughputMibps };
  return { securityGroupIds: [...securityGroupIds], subnetGroup, isPublic, storage };
}

export type Placed = "replica" | "aurora-member" | "instance" | "aurora-cluster" | "multi-az-cluster";

/**
 * What each call takes of it. A replica has the subnet group of its source, and is refused another; a member of Aurora
 * has the security groups and the volume of its cluster.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html
 */
export function placed(like: Placement | null, what: Placed): CallInput {
  if (like === null) return {};
  const { securityGroupIds, subnetGroup, isPublic, storage } = like;
  const PubliclyAccessible = isPublic;
  if (what === "aurora-member") return { PubliclyAccessible };
  const within = {
    VpcSecurityGroupIds: securityGroupIds,
    ...(what === "replica" || subnetGroup === null ? {} : { DBSubnetGroupName: subnetGroup }),
  };
  return what === "aurora-cluster" ? within : { ...within, PubliclyAccessible, ...storageInput(storage) };
}

/** Under 400 GiB a volume of gp3 has the IOPS of its type, and a call that names them is refused. */
function storageInput(storage: Placement["storage"]): CallInput {
  if (storage === null) return {};
  const { type, iops, throughputMibps } = storage;
  const isGp3 = type === "gp3";
  const isSet = iops !== null && (isGp3 ? iops >= gp3.striped.iops : type.startsWith("io"));
  return {
    StorageType: type,
    ...(isSet ? { Iops: iops } : {}),
    ...(isSet && isGp3 && throughputMibps !== null ? { StorageThroughput: throughputMibps } : {}),
  };
}

/** How what was made lies, in a sentence. */
export function placementText(like: Placement | null): string {
  return like === null
    ? "with the default security group and RDS's own choice of storage and public access: nobody has seen whether anybody reaches it"
    : `with the security groups ${like.securityGroupIds.join(", ")}`;
}
