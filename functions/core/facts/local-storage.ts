import { hasLocalStorage } from "../context/instance-class.ts";
import { selfOf } from "./rds-facts.ts";
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
