import type { View } from "./view.ts";

const lockProbes = ["postgres-blocking", "mysql-row-locks", "mariadb-row-locks", "mysql-metadata-locks"];

/** Probes whose answers the lock findings rest on. */
export function lockSource({ evidence }: View): string {
  const answered = evidence.probes.filter(({ id, status }) => lockProbes.includes(id) && status === "ok");
  return answered
    .map(({ id }) => id)
    .toSorted()
    .join(", ");
}
