import { hasLocalStorage } from "../context/instance-class.ts";
import type { MetricFact } from "./metric-facts.ts";
import { bytesText, selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/**
 * Whether temporary files and logs lie on storage of the instance itself, as on Aurora and on classes with NVMe disks,
 * and not on the volume that holds the tables.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.BestPractices.TroubleshootingStorage.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.optimizedreads.html
 */
export function keepsFilesApart(view: View): boolean {
  const { flavour, instanceClass } = view.evidence.target;
  return flavour === "aurora" || hasLocalStorage(selfOf(view)?.instanceClass ?? instanceClass);
}

/** What failed has given its files back: the newest minute may show as much as ever. */
const halved = 0.5;

/** Of FreeLocalStorage: what is left, and the least that was. */
export function freeLocalText({ latest, points }: MetricFact): string {
  const [low] = points.toSorted((a, b) => a.value - b.value);
  return low === undefined || low.value > halved * latest
    ? `${bytesText(latest)} free on average of the last minute seen`
    : `down to ${bytesText(low.value)} free at ${low.at.slice(11, 16)} UTC, ${bytesText(latest)} in the last minute seen`;
}
