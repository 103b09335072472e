import * as z from "zod";
import type { HeldLock } from "../../contract/locks.ts";
import type { SqlRow } from "../../ports.ts";

/** Of `performance_schema.metadata_locks AS l`. */
export const metadataLockColumns = `l.OBJECT_TYPE AS type, l.OBJECT_SCHEMA AS schema_name, l.OBJECT_NAME AS object_name, l.LOCK_TYPE AS mode,
    l.LOCK_DURATION AS duration, l.LOCK_STATUS AS status, l.OWNER_THREAD_ID AS thread_id, l.OWNER_EVENT_ID AS event_id`;

const lockSchema = z.object({
  type: z.string(),
  schema_name: z.string().nullable(),
  object_name: z.string().nullable(),
  mode: z.string(),
  duration: z.string(),
  status: z.string(),
  thread_id: z.coerce.number(),
  /** Names one request of one thread. */
  event_id: z.coerce.number().nullable().default(null),
});
export type MetadataLock = z.infer<typeof lockSchema>;

export function readMetadataLocks(rows: readonly SqlRow[]): readonly MetadataLock[] {
  return z.array(lockSchema).parse(rows);
}

export function metadataObject({ type, schema_name, object_name }: MetadataLock): {
  object: string;
  objectKind: HeldLock["objectKind"];
} {
  switch (type) {
    case "TABLE":
      return { object: `${schema_name}.${object_name}`, objectKind: "metadata" };
    case "USER LEVEL LOCK":
    case "User lock":
      return { object: `named lock '${object_name}'`, objectKind: "advisory" };
    case "GLOBAL":
    case "BACKUP":
      return { object: "all tables (global read lock)", objectKind: "global" };
    case "COMMIT":
      return { object: "all commits (global read lock)", objectKind: "global" };
    case "BACKUP LOCK":
      return { object: "all tables (backup lock)", objectKind: "global" };
    default: {
      const name = [schema_name, object_name].filter((part) => part !== null && part !== "").join(".");
      return { object: `${type.toLowerCase()} ${name}`, objectKind: "metadata" };
    }
  }
}
