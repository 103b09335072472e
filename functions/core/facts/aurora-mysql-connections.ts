/**
 * max_connections of Aurora MySQL by class: a table, not the formula that stands beside it in the guide.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html#AuroraMySQL.Managing.MaxConnections
 */
const bySize: Readonly<Record<string, number>> = {
  large: 1000,
  xlarge: 2000,
  "2xlarge": 3000,
  "4xlarge": 4000,
  "8xlarge": 5000,
  "12xlarge": 6000,
  "16xlarge": 6000,
  "24xlarge": 7000,
  "32xlarge": 7000,
  "48xlarge": 8000,
};
/** Twice the memory of the others. */
const bySizeOfX2g: Readonly<Record<string, number>> = {
  large: 2000,
  xlarge: 3000,
  "2xlarge": 4000,
  "4xlarge": 5000,
  "8xlarge": 6000,
  "12xlarge": 7000,
  "16xlarge": 7000,
};
const bySizeOfT: Readonly<Record<string, number>> = { small: 45, medium: 90, large: 135 };

/** Null for a class that the table does not have. */
export function auroraMysqlMaxConnections(instanceClass: string | null): number | null {
  const [, family = "", size = ""] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(instanceClass ?? "") ?? [];
  if (/^t\d/.test(family)) return bySizeOfT[size] ?? null;
  if (family === "x2g") return bySizeOfX2g[size] ?? null;
  return /^r\d/.test(family) ? (bySize[size] ?? null) : null;
}
