import type { LockForest } from "../../contract/locks.ts";
import type { SqlRow } from "../../ports.ts";
import type { FollowStatement } from "../define.ts";
import {
  type MetadataLock,
  metadataLockColumns,
  metadataObject,
  readMetadataLocks,
} from "./metadata-rows.ts";
import { isWorthALook, lookAgain, rowsAgain, secondLookOf } from "./second-look.ts";

export interface FirstMetadataLook {
  readonly forest: LockForest;
  /** By node key: what each has of what others want. */
  readonly held: ReadonlyMap<string, readonly MetadataLock[]>;
}

/** A page's worth: who stands in the way of more than that is none of a queue that turns. */
const mostThreads = 500;

/** Whether the same requests hold the tables and names still, by the events that made them. */
export function laterMetadataLook({ forest, held }: FirstMetadataLook): FollowStatement[] {
  const threads = [...held.values()].flat().map(({ thread_id }) => thread_id);
  const ids = [...new Set(threads)].slice(0, mostThreads).join(", ");
  if (ids === "" || !isWorthALook(forest)) return [];
  const which = `(l.LOCK_STATUS = 'PENDING' OR l.OWNER_THREAD_ID IN (${ids}))`;
  return [lookAgain(metadataLockColumns, "performance_schema.metadata_locks AS l", which)];
}

export function withMetadataTurns(
  { forest, held }: FirstMetadataLook,
  again: readonly SqlRow[] | undefined,
): LockForest {
  const rows = rowsAgain(again)?.filter(({ type }) => type !== null);
  if (rows === undefined) return forest;
  const later = readMetadataLocks(rows);
  const standing = new Set(later.filter(({ status }) => status === "GRANTED").map(requestName));
  const pending = later.filter(({ status }) => status === "PENDING");
  const objects = new Set(pending.map((row) => metadataObject(row).object));
  const secondLook = secondLookOf(forest, {
    gone: ({ key }) => {
      const had = held.get(key) ?? [];
      return had.length > 0 && !had.some((row) => standing.has(requestName(row)));
    },
    wanted: ({ waitsFor }) => waitsFor !== null && objects.has(waitsFor.object),
  });
  return { ...forest, secondLook };
}

function requestName(row: MetadataLock): string {
  return JSON.stringify([row.thread_id, row.event_id, row.mode, metadataObject(row).object]);
}
