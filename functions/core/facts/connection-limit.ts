import type { Target } from "../contract/target.ts";
import { percent } from "../text/wording.ts";
import { auroraMysqlMaxConnections } from "./aurora-mysql-connections.ts";
import { latestMetric } from "./latest-metric.ts";
import { isAlarming } from "./metric-facts.ts";
import { toldConnections } from "./told-connections.ts";
import type { View } from "./view.ts";

/** How full the slots are as far as it can be told from outside. */
export interface OutsideCapacity {
  readonly used: number;
  /** About; null when nothing tells. */
  readonly limit: number | null;
  /** Where the limit comes from. */
  readonly because: string;
  /** An alarm on too many of them is on, and they are as many still: whoever set its threshold may have known the limit. */
  readonly alarming: boolean;
  readonly at: string;
}

/**
 * DatabaseConnections against the limit that RDS itself named in an event, or that the instance's size gives by
 * default; null without the metric and without such words.
 */
export function outsideCapacity(view: View): OutsideCapacity | null {
  const latest = latestMetric(view.evidence, ["DatabaseConnections"]);
  const told = toldConnections(view);
  const alarming =
    isAlarming(view, "DatabaseConnections") && (latest === null || !isBackBelow(view, latest.value));
  if (told !== null) {
    const { used, at } = latest === null ? told : { used: Math.round(latest.value), at: latest.at };
    return { used, limit: told.limit, because: `an event says: ${told.message}`, alarming, at };
  }
  return latest === null ? null : byDefault(view, latest, alarming);
}

/** The alarm that woke us has its answer: what it compares is below its threshold again. */
function isBackBelow({ evidence: { signal } }: View, value: number): boolean {
  return signal?.oneMetric !== false && value < (signal?.threshold ?? Number.NEGATIVE_INFINITY);
}

/** "64 % of some 811"; a count above a limit that is only assumed says that it is another. */
export function shareText({ used, limit }: OutsideCapacity): string | null {
  if (limit === null) return null;
  return used > limit ? `above some ${limit}` : `${percent(used, limit)} of some ${limit}`;
}

function byDefault(
  { evidence: { target, context } }: View,
  latest: { readonly value: number; readonly at: string },
  alarming: boolean,
): OutsideCapacity {
  const member = context?.topology?.members.find(({ id }) => id === target.name);
  const instanceClass = member?.instanceClass ?? target.instanceClass;
  const capacity = context?.topology?.cluster?.serverless ?? null;
  const limit = defaultMaxConnections(target, instanceClass, capacity);
  const size =
    instanceClass === "db.serverless"
      ? `${capacity?.minAcu ?? "unknown"} to ${capacity?.maxAcu ?? "unknown"} ACU`
      : (instanceClass ?? "unknown");
  const because = `the default of ${size}: a parameter group may say otherwise`;
  return { used: Math.round(latest.value), limit, because, alarming, at: latest.at };
}

/**
 * max_connections as RDS sets it unless told otherwise, to about a tenth.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
export function defaultMaxConnections(
  { engine, flavour }: Pick<Target, "engine" | "flavour">,
  instanceClass: string | null,
  capacity: Capacity | null,
): number | null {
  if (flavour === "self-managed") return null;
  if (instanceClass === "db.serverless") return ofServerless(engine, capacity);
  if (flavour === "aurora" && engine === "mysql") return auroraMysqlMaxConnections(instanceClass);
  const gib = memoryGib(instanceClass);
  if (gib === null) return null;
  // DBInstanceClassMemory is what the operating system and RDS leave of it.
  const bytes = gib * 1024 ** 3 * 0.9;
  switch (engine) {
    case "postgres":
      return Math.floor(Math.min(bytes / 9_531_392, 5000));
    case "mysql":
      return Math.floor(Math.min(bytes / 12_582_880, 100_000));
    case "mariadb":
      return Math.floor(Math.min(bytes / 25_165_760, 12_000));
    default:
      return engine satisfies never;
  }
}

interface Capacity {
  readonly minAcu: number | null;
  readonly maxAcu: number | null;
}

const serverlessSteps = [
  { acu: 192, mysql: 6000, postgres: 5000 },
  { acu: 128, mysql: 5000, postgres: 5000 },
  { acu: 64, mysql: 4000, postgres: 5000 },
  { acu: 32, mysql: 3000, postgres: 5000 },
  { acu: 16, mysql: 2000, postgres: 3360 },
  { acu: 8, mysql: 1000, postgres: 1669 },
  { acu: 4, mysql: 135, postgres: 823 },
  { acu: 1, mysql: 90, postgres: 189 },
] as const;

/** "When you specify a minimum capacity of 0 or 0.5 ACUs on PostgreSQL …, max_connections is capped at 2,000." */
const smallMinimum = { acu: 0.5, postgres: 2000 } as const;

function ofServerless(engine: Target["engine"], capacity: Capacity | null): number | null {
  const { minAcu = null, maxAcu = null } = capacity ?? {};
  const step = serverlessSteps.find(({ acu }) => maxAcu !== null && maxAcu >= acu);
  if (step === undefined || engine === "mariadb") return null;
  if (engine === "mysql") return step.mysql;
  const capped = minAcu === null || minAcu <= smallMinimum.acu;
  return capped ? Math.min(smallMinimum.postgres, step.postgres) : step.postgres;
}

const gibPerXlarge: Readonly<Record<string, number>> = { r: 32, m: 16, c: 8, t: 16 };
const gibOfSmall: Readonly<Record<string, number>> = { micro: 1, small: 2, medium: 4, large: 8 };

/** By family and size; null for x, z and other families that do not follow it. */
function memoryGib(instanceClass: string | null): number | null {
  const [, family = "", times, size = ""] =
    /^db\.([a-z])\d[a-z]*\.(\d+)?([a-z]+)$/.exec(instanceClass ?? "") ?? [];
  const xlarge = gibPerXlarge[family];
  if (xlarge === undefined) return null;
  if (size === "xlarge") return xlarge * Number(times ?? 1);
  if (size === "large") return xlarge / 2;
  return family === "t" ? (gibOfSmall[size] ?? null) : null;
}
