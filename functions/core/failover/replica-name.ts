import { madeName, madePrefix } from "../actions/aws/made.ts";

const ours = new RegExp(`^${madePrefix}(?<of>.+)-replica(?:-(?<number>\\d+))?$`);

/**
 * Of the replica that is made behind a promotion: as everything that the responder makes is named, since its role may
 * make and tag nothing of another name. The same for the same source; one that was made so itself has the next number.
 */
export function replicaName(source: string): string {
  const id = source.split(":").at(-1) ?? source;
  const before = ours.exec(id)?.groups;
  if (before === undefined) return madeName(id, "replica");
  return madeName(before["of"] ?? id, `replica-${Number(before["number"] ?? 1) + 1}`);
}
