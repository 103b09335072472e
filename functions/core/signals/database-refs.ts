import type { DatabaseRef, Signal } from "../contract/signal.ts";
import type { AlarmInfo } from "../ports.ts";

/** Tag of an alarm that names its database: an instance, a cluster, a resource id or an ARN of RDS. */
const databaseTag = "rds-responder:database";

type Kind = DatabaseRef["kind"];

/**
 * 1 to 63 letters, digits and hyphens; starts with a letter; no hyphen at the end, no two in a row.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.Constraints
 */
const identifier = /^[A-Za-z](?:-?[A-Za-z0-9])*$/;
const resourceId = /^db-[A-Z0-9]{8,60}$/;
const rdsArn = /^arn:[a-z-]{1,20}:rds:[a-z0-9-]{1,30}:\d{12}:(db|cluster):(.{1,63})$/;

/** By name of dimension or contributor attribute, lower-cased and without separators. */
const kindOfDimension = new Map<string, Kind>([
  ["dbinstanceidentifier", "instance"],
  ["dbclusteridentifier", "cluster"],
  ["dbiresourceid", "resource-id"],
]);

/** A reference, or null for what RDS would not accept as an identifier; such text must not reach an API call. */
export function databaseRef(kind: Kind, text: string): DatabaseRef | null {
  if (text.length > 63) return null;
  // Checked before the case is changed: the Kelvin sign, for one, lower-cases to a plain "k".
  if (!identifier.test(text)) return null;
  if (kind !== "resource-id") return { kind, id: text.toLowerCase() };
  const id = `db-${text.slice(3).toUpperCase()}`;
  return /^db-/i.test(text) && resourceId.test(id) ? { kind, id } : null;
}

/** From dimensions of a metric or attributes of a contributor. */
export function refsFromDimensions(dimensions: Readonly<Record<string, string>>): DatabaseRef[] {
  return Object.entries(dimensions).flatMap(([name, value]) => {
    const kind = kindOfDimension.get(name.toLowerCase().replaceAll(/[_-]/g, ""));
    return kind === undefined ? [] : present(databaseRef(kind, value));
  });
}

const insights = /DB_PERF_INSIGHTS\(\s*['"]RDS['"]\s*,\s*['"](db-[A-Z0-9]{1,60})['"]/gi;
const condition = /\bDB(Instance|Cluster)Identifier"?\s*=\s*'([^']{1,63})'/gi;

/**
 * From a metric-math expression or a Metrics Insights query: the resource id inside DB_PERF_INSIGHTS, and what a
 * WHERE clause equals. Neither shows up as a dimension of the alarm.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Cloudwatch.html
 */
export function refsFromExpression(expression: string): DatabaseRef[] {
  const resources = [...expression.matchAll(insights)].map(([, id = ""]) => databaseRef("resource-id", id));
  const conditions = [...expression.matchAll(condition)].map(([, kind = "", id = ""]) =>
    databaseRef(kind.toLowerCase() === "cluster" ? "cluster" : "instance", id),
  );
  return [...resources, ...conditions].flatMap(present);
}

/** From what a person wrote in a tag or in the settings. A bare name can be either: the instance is tried first. */
export function refsFromName(text: string): DatabaseRef[] {
  const name = text.trim();
  const [, arnKind, arnId = ""] = rdsArn.exec(name) ?? [];
  if (arnKind !== undefined) return present(databaseRef(arnKind === "db" ? "instance" : "cluster", arnId));
  const [, kind, id = ""] = /^(instance|cluster):(.{1,63})$/.exec(name) ?? [];
  if (kind === "instance" || kind === "cluster") return present(databaseRef(kind, id));
  if (resourceId.test(name)) return present(databaseRef("resource-id", name));
  return [databaseRef("instance", name), databaseRef("cluster", name)].flatMap(present);
}

export function refsFromTags(tags: Readonly<Record<string, string>>): DatabaseRef[] {
  return Object.entries(tags).flatMap(([key, value]) =>
    key.toLowerCase() === databaseTag ? refsFromName(value) : [],
  );
}

/** Instances (by either name) before clusters; otherwise the order stays. */
export function mostSpecificFirst(refs: readonly DatabaseRef[]): DatabaseRef[] {
  return refs.toSorted((a, b) => Number(a.kind === "cluster") - Number(b.kind === "cluster"));
}

export function distinctRefs(refs: readonly DatabaseRef[]): DatabaseRef[] {
  return [...new Map(refs.map((ref) => [`${ref.kind}/${ref.id}`, ref])).values()];
}

function present(ref: DatabaseRef | null): DatabaseRef[] {
  return ref === null ? [] : [ref];
}

/**
 * Every database that a signal may mean, in the order in which to ask RDS: dimensions and attributes of the alarm,
 * dimensions and then tags of the alarms behind a composite one, its own tags, the settings (alarm name or ARN →
 * identifier). Empty: nothing names a database, and a message must say so (SPEC S10).
 *
 * @param childAlarms what `Alarms.describe` knows of `signal.childAlarms`; empty for other alarms
 */
export function candidateRefs(
  signal: Signal,
  alarmMap: Readonly<Record<string, string>>,
  childAlarms: readonly AlarmInfo[],
): DatabaseRef[] {
  const { named, tagged } = splitByTag(signal);
  return distinctRefs([
    ...named,
    ...mostSpecificFirst(
      childAlarms.flatMap((alarm) =>
        alarm.metrics.flatMap((metric) => refsFromDimensions(metric.dimensions)),
      ),
    ),
    ...childAlarms.flatMap((alarm) => refsFromTags(alarm.tags)),
    ...tagged,
    ...configured(signal, alarmMap),
  ]);
}

/** `databases` ends with what only the tags name. */
function splitByTag(signal: Signal): { named: DatabaseRef[]; tagged: DatabaseRef[] } {
  const ofTags = new Set(refsFromTags(signal.tags).map(({ kind, id }) => `${kind}/${id}`));
  const lastNamed = signal.databases.findLastIndex(({ kind, id }) => !ofTags.has(`${kind}/${id}`));
  return {
    named: signal.databases.slice(0, lastNamed + 1),
    tagged: signal.databases.slice(lastNamed + 1),
  };
}

function configured(signal: Signal, alarmMap: Readonly<Record<string, string>>): DatabaseRef[] {
  const keys = signal.arn === null ? [signal.name] : [signal.name, signal.arn];
  // An alarm may be called "constructor": only keys of the map itself count.
  return keys.flatMap((key) => (Object.hasOwn(alarmMap, key) ? refsFromName(alarmMap[key] ?? "") : []));
}
