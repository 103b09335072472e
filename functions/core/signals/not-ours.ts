import type { Signal } from "../contract/signal.ts";

/** Clusters of these answer to the calls of RDS and write the same dimensions, but are no database that we treat. */
const foreignNamespaces: ReadonlySet<string> = new Set(["AWS/Neptune", "AWS/DocDB"]);

/**
 * Dimensions over many databases at once.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/dimensions.html
 */
const aggregates: ReadonlySet<string> = new Set(["DatabaseClass", "EngineName", "SourceRegion"]);

/**
 * SPEC S13: why a signal that names no database of ours is none of our business, by what it says itself; null when that
 * has to be asked, or told. Not asked of signals that a tag or the settings give to a database.
 */
export function notOursByItself({ kind, state, metrics, databases, childAlarms }: Signal): string | null {
  if (metrics.length > 0 && metrics.every(({ namespace }) => foreignNamespaces.has(namespace))) {
    return `its metrics are of ${[...new Set(metrics.map(({ namespace }) => namespace))].join(" and ")}`;
  }
  // Every event of the account arrives here, and nobody chose to send it: of one about a database that RDS no longer
  // knows, people have to hear only when it tells of harm.
  if (kind === "rds-event" && state !== "ALARM") return "an event of no database that RDS knows now";
  if (databases.length > 0 || childAlarms.length > 0 || metrics.length === 0) return null;
  const dimensions = metrics.map((metric) => Object.keys(metric.dimensions));
  const all = dimensions.every((names) => names.length > 0 && names.every((name) => aggregates.has(name)));
  return all ? `its metrics are over many databases (${[...new Set(dimensions.flat())].join(", ")})` : null;
}
