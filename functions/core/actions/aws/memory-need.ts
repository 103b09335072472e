import type { Need } from "./day-peak.ts";
import type { MemoryLimits, Sizes } from "./memory-limits.ts";

const mostPercent = 90;
const mib = 1024 ** 2;

/**
 * PostgreSQL's buffers are taken as a whole when it starts, in huge pages: what is used beside them is known. The pool of
 * MySQL and MariaDB fills with what is read, and how far it is filled no metric tells: then all that is used counts as
 * needed, since taken for full it would hide as much of everything else.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.FeatureSupport.HugePages.html
 */
export function memoryNeed(
  from: string,
  free: number,
  { memory }: Sizes,
  { pool, isReserved }: MemoryLimits,
): Need {
  const used = Math.max(0, memory.from - free);
  const isKnown = isReserved && !/\.(micro|small|medium)$/.test(from);
  const peak = isKnown ? Math.max(0, used - pool.from) : used;
  const left = isKnown ? memory.to - pool.to : memory.to;
  const of = isKnown
    ? "memory beside the buffer pool"
    : "memory in use (how full the buffer pool is cannot be seen)";
  const says = `${of} ${mibText(peak)}, and at most ${mostPercent} % of ${mibText(left)}`;
  return { says, peak, left, mostPercent };
}

export function mibText(bytes: number): string {
  return `${Math.round(bytes / mib)} MiB`;
}
