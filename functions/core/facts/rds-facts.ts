import { vcpusOf } from "../context/instance-class.ts";
import type { RdsEvent } from "../contract/context.ts";
import type { Member } from "../contract/topology.ts";
import { plural } from "../text/wording.ts";
import { sawInside } from "./seen.ts";
import type { View } from "./view.ts";

/** This database as RDS describes it; null when that could not be read. */
export function selfOf({ evidence }: View): Member | null {
  const members = evidence.context?.topology?.members ?? [];
  return members.find(({ id }) => id === evidence.target.name) ?? null;
}

/** The other members of its group that lie in this Region and account. */
export function othersOf({ evidence }: View): readonly Member[] {
  const members = evidence.context?.topology?.members ?? [];
  return members.filter(({ id, here }) => here && id !== evidence.target.name);
}

/** Its replicas in another Region or account: RDS tells their names here, and nothing else of them. */
export function replicasElsewhere({ evidence }: View): readonly Member[] {
  const members = evidence.context?.topology?.members ?? [];
  return members.filter(
    ({ here, role, replicaOf }) => !here && role === "replica" && replicaOf === evidence.target.name,
  );
}

/**
 * information_schema.replica_host_status keeps the row of a reader that was deleted; only what RDS still describes
 * can be down or behind. Where the topology could not be seen, the row is all there is to go by.
 */
export function isStillThere({ evidence }: View, server: string): boolean {
  const members = evidence.context?.topology?.members ?? null;
  return members === null || members.some(({ id }) => id === server);
}

export function vcpusOfTarget(view: View): number | null {
  return selfOf(view)?.vcpus ?? vcpusOf(view.evidence.target.instanceClass);
}

const gib = 1024 ** 3;
/** GiB for each vCPU, by the letter of the family. Families whose sizes differ among themselves are left out. */
const gibPerVcpu: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8, z: 8 };
const gibOfSmallT: Readonly<Record<string, number>> = { micro: 1, small: 2, medium: 4 };

/**
 * Memory of an instance class; null where the name does not tell.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
export function memoryBytesOf(instanceClass: string | null): number | null {
  const [, letter = "", size = ""] = /^db\.([a-z])\d[a-z]*\.(\w+)$/.exec(instanceClass ?? "") ?? [];
  const small = letter === "t" ? gibOfSmallT[size] : undefined;
  if (small !== undefined) return small * gib;
  const perVcpu = gibPerVcpu[letter === "t" ? "m" : letter];
  const vcpus = vcpusOf(instanceClass);
  return perVcpu === undefined || vcpus === null ? null : perVcpu * vcpus * gib;
}

/** Events of this database or its cluster within so many minutes before the evidence was collected, newest first. */
export function recentEvents(view: View, minutes: number): readonly RdsEvent[] {
  return eventsOf(view, view.evidence.target.name, minutes, true);
}

/** The same of any member of the group, with those of the cluster or without. */
export function eventsOf(
  { evidence: { target, context, collectedAt } }: View,
  member: string,
  minutes: number,
  withCluster = false,
): readonly RdsEvent[] {
  const clusters = withCluster ? [target.clusterId, context?.topology?.cluster?.id] : [];
  return (context?.events ?? [])
    .filter(({ subject, at }) => {
      const age = (Date.parse(collectedAt) - Date.parse(at)) / 60_000;
      return [member, ...clusters].includes(subject) && age <= minutes && age >= -5;
    })
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.message < b.message ? -1 : 1));
}

export function minutesSince({ evidence }: View, at: string): number {
  return Math.max(0, Math.round((Date.parse(evidence.collectedAt) - Date.parse(at)) / 60_000));
}

const dayMs = 86_400_000;

/** Negative when it is over. */
export function daysUntil({ evidence }: View, at: string): number {
  return (Date.parse(at) - Date.parse(evidence.collectedAt)) / dayMs;
}

/** "2026-12-01 (in 9 days)". */
export function whenText(view: View, at: string): string {
  const days = Math.floor(daysUntil(view, at));
  const distance =
    days < 0 ? `${plural(-days, "day")} ago` : days === 0 ? "within a day" : `in ${plural(days, "day")}`;
  return `${at.slice(0, 10)} (${distance})`;
}

export function inCategory({ categories }: RdsEvent, name: string): boolean {
  return categories.some((category) =>
    category
      .toLowerCase()
      .split(",")
      .some((one) => one.trim() === name),
  );
}

/** What the metrics say is true without a look inside, but then another cause may lie behind it. */
export function fromOutside(view: View, confidence: number): number {
  return sawInside(view) ? confidence : confidence * 0.7;
}

/** "1.5 GiB", "640 MiB", "12 KiB". */
export function bytesText(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? Math.round(value * 10) / 10 : Math.round(value)} ${units[power] ?? "bytes"}`;
}

export function percentText(value: number): string {
  return `${value < 9.95 ? Math.round(value * 10) / 10 : Math.round(value)} %`;
}
