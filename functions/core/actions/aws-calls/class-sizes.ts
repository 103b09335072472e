const upTo16 = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"] as const;
const upTo24 = [...upTo16, "24xlarge"] as const;
const upTo32 = [...upTo24, "32xlarge"] as const;
const upTo48 = [...upTo24, "48xlarge"] as const;
const burstable = ["micro", "small", "medium", "large", "xlarge", "2xlarge"] as const;

/**
 * Sizes of the families, smallest first. What is not here is asked of RDS.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
const rdsSizes: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(["t2", "t3", "t4g"].map((family) => [family, burstable])),
  ...Object.fromEntries(
    ["m6g", "m6gd", "m7g", "r6g", "r6gd", "r7g", "x2g"].map((family) => [family, upTo16]),
  ),
  ...Object.fromEntries(["m5", "m5d", "r5", "r5b", "r5d"].map((family) => [family, upTo24])),
  ...Object.fromEntries(
    ["m6i", "m6id", "m6idn", "m6in", "r6i", "r6id", "r6idn", "r6in"].map((family) => [family, upTo32]),
  ),
  ...Object.fromEntries(["m7i", "m8g", "m8gd", "r7i", "r8g", "r8gd"].map((family) => [family, upTo48])),
  // For Multi-AZ DB clusters only.
  c6gd: ["medium", ...upTo16],
  m4: ["large", "xlarge", "2xlarge", "4xlarge", "10xlarge", "16xlarge"],
  r4: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"],
  z1d: ["large", "xlarge", "2xlarge", "3xlarge", "6xlarge", "12xlarge"],
  x2iedn: ["xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge", "24xlarge", "32xlarge"],
  x2idn: ["16xlarge", "24xlarge", "32xlarge"],
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.Summary.html */
const auroraSizes: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(["r6g", "r7g", "x2g"].map((family) => [family, upTo16])),
  ...Object.fromEntries(["r7i", "r8g", "r8gd"].map((family) => [family, upTo48])),
  r5: upTo24,
  r6i: upTo32,
  r6gd: upTo16.slice(1),
  r6id: ["24xlarge", "32xlarge"],
  r4: ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"],
  t2: ["small", "medium"],
  t3: ["small", "medium", "large"],
  t4g: ["medium", "large"],
};

export type NextClass =
  | {
      readonly is: "next";
      readonly name: string;
      /** As much of everything, and of the price; null where they are of different families. */
      readonly times: number | null;
    }
  | { readonly is: "last" }
  | { readonly is: "unknown" };

/** The next size of the same family: another family may need another engine version, or none that is orderable. */
export function nextClass(instanceClass: string, aurora: boolean): NextClass {
  const [, family = "", size = ""] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
  const sizes = (aurora ? auroraSizes : rdsSizes)[family] ?? [];
  const at = sizes.indexOf(size);
  if (at < 0) return { is: "unknown" };
  const next = sizes[at + 1];
  if (next === undefined) return { is: "last" };
  return {
    is: "next",
    name: `db.${family}.${next}`,
    times: Math.round((10 * unitsOf(next)) / unitsOf(size)) / 10,
  };
}

/** The same of a class that is known to have been there: what it costs against the one of now. */
export function timesOf(name: string, than: string): number | null {
  const [, family = "", size = ""] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(name) ?? [];
  const [, otherFamily = "", otherSize = ""] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(than) ?? [];
  return family === otherFamily && size !== ""
    ? Math.round((10 * unitsOf(size)) / unitsOf(otherSize)) / 10
    : null;
}

/** How large a class is, whatever its family; null for what is none, and for db.serverless. */
export function sizeUnitsOf(instanceClass: string): number | null {
  const size = /^db\.[a-z0-9-]+\.(micro|small|medium|large|\d*xlarge)$/.exec(instanceClass)?.[1];
  return size === undefined ? null : unitsOf(size);
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithReservedDBInstances.html: normalized units */
function unitsOf(size: string): number {
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  if (times !== undefined) return 8 * Number(times);
  return { micro: 0.5, small: 1, medium: 2, large: 4, xlarge: 8 }[size] ?? 1;
}
