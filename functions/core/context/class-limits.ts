/** What a class passes at the most. Null: not on the page, or not for this size. */
export interface ClassLimits {
  readonly name: string;
  /** To storage, bytes a second; with `bursts` for half an hour a day. */
  readonly storageBytes: number | null;
  readonly storageIops: number | null;
  readonly bursts: boolean;
  /** What is left without credits; null where it does not burst, or is not known. */
  readonly baselineBytes: number | null;
  readonly baselineIops: number | null;
  /** Each way, bytes a second. */
  readonly networkBytes: number | null;
}

/** Mbit/s and IOPS to storage, Gbit/s of network, and what is left without credits: Mbit/s and IOPS. */
type Row = readonly [
  mbps: number,
  iops: number | null,
  gbps: number,
  baseMbps?: number | null,
  baseIops?: number | null,
];
type Rows = Readonly<Record<string, Row>>;

/** Intel of the fifth generation. */
const x5: Rows = {
  large: [4750, 18_750, 10, 650, 3600],
  xlarge: [4750, 18_750, 10, 1150, 6000],
  "2xlarge": [4750, 18_750, 10, 2300, 12_000],
  "4xlarge": [4750, 18_750, 10],
  "8xlarge": [6800, 30_000, 10],
  "12xlarge": [9500, 40_000, 12],
  "16xlarge": [13_600, 60_000, 20],
  "24xlarge": [19_000, 80_000, 25],
};
const graviton2: Rows = {
  large: [4750, 20_000, 10, 630, 3600],
  xlarge: [4750, 20_000, 10, 1188, 6000],
  "2xlarge": [4750, 20_000, 10, 2375, 12_000],
  "4xlarge": [4750, 20_000, 10],
  "8xlarge": [9500, 40_000, 12],
  "12xlarge": [14_250, 50_000, 20],
  "16xlarge": [19_000, 80_000, 25],
};
/** Intel of the sixth generation. */
const x6: Rows = {
  large: [10_000, 40_000, 12.5, 650, 3600],
  xlarge: [10_000, 40_000, 12.5, 1250, 6000],
  "2xlarge": [10_000, 40_000, 12.5, 2500, 12_000],
  "4xlarge": [10_000, 40_000, 12.5, 5000, 20_000],
  "8xlarge": [10_000, 40_000, 12.5],
  "12xlarge": [15_000, 60_000, 18.75],
  "16xlarge": [20_000, 80_000, 25],
  "24xlarge": [30_000, 120_000, 37.5],
  "32xlarge": [40_000, 160_000, 50],
};
/** Graviton 3 and 4: the page of EC2 at hand is older, so that neither their IOPS nor their baselines are known. */
const graviton34: Rows = {
  large: [10_000, null, 12.5, null],
  xlarge: [10_000, null, 12.5, null],
  "2xlarge": [10_000, null, 15, null],
  "4xlarge": [10_000, null, 15, null],
  "8xlarge": [10_000, null, 15],
  "12xlarge": [15_000, null, 22.5],
  "16xlarge": [20_000, null, 30],
};

/**
 * Bandwidths: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html (April 2026).
 * IOPS, baselines: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ebs-optimized.html (2022). Both read 2026-11-28.
 */
const families: ReadonlyMap<string, Rows> = new Map([
  ...["m5", "m5d", "r5", "r5d"].map((family) => [family, x5] as const),
  ...["m6g", "m6gd", "r6g", "r6gd"].map((family) => [family, graviton2] as const),
  ...["m6i", "m6id", "r6i", "r6id"].map((family) => [family, x6] as const),
  ...["m7g", "r7g", "m8g", "r8g"].map((family) => [family, graviton34] as const),
]);

const bytesOfMbit = 1e6 / 8;

/** Null for classes that are not in the table. */
export function limitsOfClass(name: string): ClassLimits | null {
  const [, family = "", size = ""] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(name) ?? [];
  const row = families.get(family)?.[size];
  if (row === undefined) return null;
  const [mbps, iops, gbps, baseMbps, baseIops] = row;
  const bytes = (value: number | null | undefined): number | null =>
    value === null || value === undefined ? null : value * bytesOfMbit;
  return {
    name,
    storageBytes: bytes(mbps),
    storageIops: iops,
    bursts: baseMbps !== undefined,
    baselineBytes: bytes(baseMbps),
    baselineIops: baseIops ?? null,
    networkBytes: gbps * 1000 * bytesOfMbit,
  };
}

/**
 * What a class passes to storage for good, without credits. Where its own baseline is not in the table, that of the
 * Graviton class of its size before it, which it is not below. Null: nothing of it is known.
 */
export function steadyStorageOf(name: string): { readonly iops: number; readonly bytes: number } | null {
  const own = limitsOfClass(name);
  const before = limitsOfClass(name.replace(/^db\.[a-z0-9]+\./, "db.m6g."));
  const iops = own?.baselineIops ?? before?.baselineIops ?? before?.storageIops ?? null;
  const bytes = own?.baselineBytes ?? before?.baselineBytes ?? before?.storageBytes ?? null;
  return own === null || iops === null || bytes === null ? null : { iops, bytes };
}
