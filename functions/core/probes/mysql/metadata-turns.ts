import type { LockForest } from "../../contract/locks.ts";
import type { SqlRow } from "../../ports.ts";
import type { FollowStatement } from "../define.ts";
import {
  type MetadataLock,
  metadataLockColumns,
  metadataObject,
  readMetadataLocks,
} from "./metadata-rows.ts";
import { type LaterLook, lookAfter, nextPause, secondLookOf } from "./second-look.ts";

type Answers = readonly (readonly SqlRow[])[];

export interface FirstMetadataLook {
  readonly forest: LockForest;
  /** By node key: what each has of what others want. */
  readonly held: ReadonlyMap<string, readonly MetadataLock[]>;
}

/** A page's worth: who stands in the way of more than that is none of a queue that turns. */
const mostThreads = 500;

/** Whether the same requests hold the tables and names still, by the events that made them. */
export function laterMetadataLook(first: FirstMetadataLook, answers: Answers): FollowStatement[] {
  if (answers.some(([row]) => row !== undefined && "failed" in row)) return [];
  const pause = nextPause(first.forest, laterLooks(first, answers));
  const threads = [...first.held.values()].flat().map(({ thread_id }) => thread_id);
  const ids = [...new Set(threads)].slice(0, mostThreads).join(", ");
  if (pause === null || ids === "") return [];
  return [
    lookAfter(
      pause,
      metadataLockColumns,
      "performance_schema.metadata_locks AS l",
      `(l.LOCK_STATUS = 'PENDING' OR l.OWNER_THREAD_ID IN (${ids}))`,
    ),
  ];
}

export function withMetadataTurns(first: FirstMetadataLook, answers: Answers): LockForest {
  const secondLook = secondLookOf(first.forest, laterLooks(first, answers));
  return secondLook === null ? first.forest : { ...first.forest, secondLook };
}

function laterLooks({ held }: FirstMetadataLook, answers: Answers): readonly LaterLook[] {
  const taken = answers.filter(([row]) => row !== undefined && "paused" in row);
  return taken.map((rows) => {
    const later = readMetadataLocks(rows.filter(({ type }) => type !== null));
    const standing = new Set(later.filter(({ status }) => status === "GRANTED").map(requestName));
    const pending = later.filter(({ status }) => status === "PENDING");
    const wanted = new Set(pending.map((row) => metadataObject(row).object));
    return {
      gone: ({ key }) => {
        const had = held.get(key) ?? [];
        return had.length > 0 && !had.some((row) => standing.has(requestName(row)));
      },
      wanted: ({ waitsFor }) => waitsFor !== null && wanted.has(waitsFor.object),
    };
  });
}

function requestName(row: MetadataLock): string {
  return JSON.stringify([row.thread_id, row.event_id, row.mode, metadataObject(row).object]);
}
