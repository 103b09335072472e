/**
 * What a volume of PostgreSQL, MySQL or MariaDB can be given, by type and size.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
 */
export const largestGib = 65_536;

/** From here on four volumes are striped. What crosses it is copied, for hours, at a high price in I/O (USER_PIOPS.IOIntensive). */
export const stripedFromGib = 400;

export const gp3 = {
  /** Below the threshold nothing can be provisioned; the call is refused that tries. */
  small: { iops: 3000, throughputMibps: 125 },
  striped: { iops: 12_000, throughputMibps: 500 },
  mostIops: 64_000,
  mostIopsPerGib: 500,
  mostThroughputMibps: 4000,
  /** MiB/s for each operation a second, at most. */
  throughputPerIops: 0.25,
} as const;

export const provisioned = {
  io1: { iopsPerGib: { least: 0.5, most: 50 }, leastGib: 100, mostIops: 256_000, leastIops: 1000 },
  io2: { iopsPerGib: { least: 0.5, most: 1000 }, leastGib: 100, mostIops: 256_000, leastIops: 1000 },
} as const;

export const gp2IopsPerGib = 3;
/** What gp2 gives at most in either layout. */
export const gp2Throughput = { smallMibps: 250, stripedMibps: 1000 } as const;

/** Smaller increases are refused or rounded up (ModifyDBInstance, AllocatedStorage and Iops). */
export const leastIncrease = 1.1;

/** A limit of autoscaling under 1.1 of the size is refused; 1.26 avoids its warning (USER_PIOPS.Autoscaling). */
export const autoscalingLimit = { least: 1.1, recommended: 1.26 } as const;

export interface Volume {
  readonly type: string | null;
  readonly allocatedGib: number | null;
  readonly iops: number | null;
  readonly throughputMibps: number | null;
}

export type IoParameters = Readonly<Record<"Iops" | "StorageThroughput", number>>;

/**
 * What has to go along when a volume gets this size. The SDK's model says that gp3, io1 and io2 always need Iops; RDS
 * itself refuses them for gp3 under 400 GiB ("You can't specify IOPS or storage throughput for engine mysql and a
 * storage size less than 400"), and 3,000 from there on.
 * https://github.com/hashicorp/terraform-provider-aws/pull/28243
 * https://github.com/crossplane-contrib/provider-aws/issues/1630
 * https://github.com/hashicorp/terraform-provider-aws/issues/28382
 * A string says what would have to be known.
 */
export function ioAlong(volume: Volume, sizeGib: number): Partial<IoParameters> | string {
  const { type, iops } = volume;
  switch (type) {
    case "gp2":
    case "standard":
      return {};
    case "gp3":
      return gp3Along(volume, sizeGib);
    case "io1":
    case "io2":
      if (iops === null) return "its provisioned IOPS, which have to go along, could not be seen";
      return { Iops: Math.max(iops, Math.ceil(provisioned[type].iopsPerGib.least * sizeGib)) };
    default:
      return `its storage type${type === null ? " could not be seen" : `, ${type}, is not known here`}, and what has to go along differs by it`;
  }
}

function gp3Along(
  { allocatedGib, iops, throughputMibps }: Volume,
  sizeGib: number,
): Partial<IoParameters> | string {
  if (sizeGib < stripedFromGib) return {};
  const crosses = allocatedGib !== null && allocatedGib < stripedFromGib;
  if (!crosses && iops === null) return "its provisioned IOPS, which have to go along, could not be seen";
  return {
    Iops: Math.max(iops ?? 0, gp3.striped.iops),
    ...(crosses ? { StorageThroughput: Math.max(throughputMibps ?? 0, gp3.striped.throughputMibps) } : {}),
  };
}

/** A fifth more, and 10 GiB at the least. Just under 400 GiB it stays there where that is enough: no copy then. */
export function grownGib(allocatedGib: number): number | null {
  const least = Math.ceil(allocatedGib * leastIncrease);
  if (least > largestGib) return null;
  const wanted = Math.min(largestGib, Math.max(Math.ceil(allocatedGib * 1.2), allocatedGib + 10));
  const underThreshold = stripedFromGib - 1;
  return wanted >= stripedFromGib && least <= underThreshold ? underThreshold : wanted;
}
