/**
 * vCPUs of an instance class by its size; null for Serverless v2, metal and sizes that do not tell.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
export function vcpusOf(instanceClass: string | null): number | null {
  const [, family = "", times, size] = /^db\.([a-z0-9-]+)\.(\d+)?([a-z]+)$/.exec(instanceClass ?? "") ?? [];
  if (size === "xlarge") return 4 * Number(times ?? 1);
  if (times !== undefined) return null;
  if (size === "large") return 2;
  if (family === "t2" && (size === "micro" || size === "small")) return 1;
  if (/^t\d/.test(family)) return size === "micro" || size === "small" || size === "medium" ? 2 : null;
  return size === "medium" ? 1 : null;
}

/** db.t*: lives on CPU credits, published every five minutes only. */
export function isBurstable(instanceClass: string | null): boolean {
  return /^db\.t\d/.test(instanceClass ?? "");
}

/** Serverless v2: its CPU is a share of the largest capacity, not of what it has now. */
export function isServerless(instanceClass: string | null): boolean {
  return instanceClass === "db.serverless";
}

/** Classes with local NVMe storage (m6gd, r6id, x2iedn): only they publish FreeLocalStorage on RDS. */
export function hasLocalStorage(instanceClass: string | null): boolean {
  return /^db\.[a-z]+\d+[a-z]*d[a-z]*\./.test(instanceClass ?? "");
}

/** GiB of memory for each vCPU, by family; what is not here is not known. Same page. */
const gibPerVcpu: readonly (readonly [RegExp, number])[] = [
  [/^(m5|m6|m7|m8|m4)/, 4],
  [/^(r5|r6|r7|r8|z1d)/, 8],
  [/^r4$/, 7.625],
  [/^c6gd$/, 2],
  [/^x2(g|idn)$/, 16],
  [/^x2iedn$/, 32],
];
const burstableGib: Readonly<Record<string, number>> = {
  ...{ micro: 1, small: 2, medium: 4, large: 8, xlarge: 16, "2xlarge": 32 },
};

/** Bytes of memory of a class; null where that is not known. */
export function memoryOf(instanceClass: string): number | null {
  const [, family = "", size = ""] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
  const vcpus = vcpusOf(instanceClass);
  const each = gibPerVcpu.find(([name]) => name.test(family))?.[1];
  const gib = isBurstable(instanceClass)
    ? burstableGib[size]
    : vcpus === null || each === undefined
      ? undefined
      : vcpus * each;
  return gib === undefined ? null : gib * 1024 ** 3;
}
