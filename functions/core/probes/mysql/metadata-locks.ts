import * as z from "zod";
import { type HeldLock, type LockForest, lockForestSchema } from "../../contract/locks.ts";
import type { LockRequest } from "../../locks/forest.ts";
import { isUpgrade, metadataConflicts, metadataPriority } from "../../locks/mysql-metadata-modes.ts";
import type { ServerInfo } from "../../ports.ts";
import { defineProbe } from "../define.ts";
import { type LateOwners, lateOwnersStatement, readLateOwners } from "./late-owners.ts";
import {
  heldByCommand,
  type LockOwner,
  mysqlForest,
  preparedKey,
  preparedTransactions,
  sessionOwner,
} from "./lock-owners.ts";
import {
  metadataLockInstrument,
  metadataLocksSightStatement,
  performanceSchemaGrant,
  performanceSchemaSetting,
  processGrant,
  requireMetadataLocks,
} from "./sight.ts";
import { type MysqlSnapshot, readMysqlSnapshot } from "./snapshot.ts";
import { mysqlSnapshotLength, mysqlSnapshotStatements } from "./snapshot-sql.ts";

const lockSchema = z.object({
  type: z.string(),
  schema_name: z.string().nullable(),
  object_name: z.string().nullable(),
  mode: z.string(),
  duration: z.string(),
  status: z.string(),
  thread_id: z.coerce.number(),
});
type Lock = z.infer<typeof lockSchema>;

/**
 * Only objects that somebody waits for. MySQL has an index which is none: each look-up walks all locks, so that queues
 * for many objects cost their product. CONCAT keeps it off that index, and it hashes what is wanted (14 ms before, 3
 * after, with 290 objects). MariaDB hashes by itself, and compares each with each when told the order.
 */
function locksSql({ engine }: ServerInfo): string {
  const [join, type] =
    engine === "mysql" ? ["STRAIGHT_JOIN", "CONCAT(l.OBJECT_TYPE, '')"] : ["JOIN", "l.OBJECT_TYPE"];
  return `
  SELECT l.OBJECT_TYPE AS type, l.OBJECT_SCHEMA AS schema_name, l.OBJECT_NAME AS object_name, l.LOCK_TYPE AS mode,
    l.LOCK_DURATION AS duration, l.LOCK_STATUS AS status, l.OWNER_THREAD_ID AS thread_id
  FROM (SELECT DISTINCT OBJECT_TYPE, OBJECT_SCHEMA, OBJECT_NAME FROM performance_schema.metadata_locks
    WHERE LOCK_STATUS = 'PENDING') AS wanted
  ${join} performance_schema.metadata_locks AS l ON ${type} = wanted.OBJECT_TYPE
    AND l.OBJECT_SCHEMA <=> wanted.OBJECT_SCHEMA AND l.OBJECT_NAME <=> wanted.OBJECT_NAME
  WHERE l.LOCK_STATUS IN ('GRANTED', 'PENDING')`;
}

export const mysqlMetadataLocks = defineProbe({
  id: "mysql-metadata-locks",
  spec: ["P25"],
  title: "Who queues for a table's definition, a global read lock or a named lock, and behind whom?",
  engines: ["mysql", "mariadb"],
  tier: "immediate",
  cost: "Two passes over metadata_locks; linear in the open tables of all sessions.",
  needs: [processGrant, performanceSchemaGrant, performanceSchemaSetting, metadataLockInstrument],
  row: lockForestSchema,
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-metadata-locks-table.html",
  // The locks first: who held one by then is among the sessions that are read after it.
  statements: ({ server }) => [
    metadataLocksSightStatement,
    { sql: locksSql(server) },
    ...mysqlSnapshotStatements(server),
  ],
  follow: ([, locks = [], ...rest], context) => {
    const ids = unknownThreads(z.array(lockSchema).parse(locks), readMysqlSnapshot(rest, context));
    return ids.length === 0 ? [] : [lateOwnersStatement(context.server, ids, "metadata_locks")];
  },
  read: ([sight = [], locks = [], ...rest], context): LockForest[] => {
    requireMetadataLocks(sight);
    const late = rest[mysqlSnapshotLength] ?? [];
    const owners = readLateOwners(readMysqlSnapshot(rest, context), late, context);
    const { snapshot } = owners;
    const rows = z.array(lockSchema).parse(locks);
    const requests = withoutUpgrades(rows.flatMap((row) => requestOf(row, owners)));
    return [mysqlForest({ requests, snapshot, xid: null, conflicts: metadataConflicts })];
  },
});

/** A page's worth: what is beyond it belongs to nobody that could be named. */
const mostUnknown = 500;

function unknownThreads(locks: readonly Lock[], snapshot: MysqlSnapshot): readonly number[] {
  const ids = locks
    .map(({ thread_id }) => thread_id)
    .filter((id) => sessionOwner(snapshot, snapshot.connectionOf.get(id)) === null);
  return [...new Set(ids)].slice(0, mostUnknown);
}

function requestOf(row: Lock, owners: LateOwners): LockRequest[] {
  const owner = ownerOf(row, owners);
  if (owner === null) return [];
  const granted = row.status === "GRANTED";
  const waitSeconds = granted ? null : (owner.session?.statementSeconds ?? null);
  return [
    {
      owner: owner.key,
      ...nameOf(row),
      mode: row.mode,
      granted,
      // A statement waits less long than a day, so that the class decides first.
      order: metadataPriority(row.mode) * 1e9 - (waitSeconds ?? 0),
      waitSeconds,
      explicit: granted && isExplicit(row, owner),
    },
  ];
}

/**
 * Who wants more of what it holds has worked under the weaker lock before: an ALTER copies the table, and asks for the
 * last lock at the end. How long it waits is told nowhere, and its statement's age is not it.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-performance.html
 */
function withoutUpgrades(requests: readonly LockRequest[]): LockRequest[] {
  const nameOfLock = ({ owner, object }: LockRequest): string => `${owner}\0${object}`;
  const held = new Set(requests.filter(({ granted }) => granted).map(nameOfLock));
  return requests.map((request) =>
    !request.granted && isUpgrade(request.mode) && held.has(nameOfLock(request))
      ? { ...request, waitSeconds: null }
      : request,
  );
}

/**
 * The locks of an XA transaction outlive their thread; with one such transaction it is clear whose they are. A thread
 * that is only missing from the list of sessions proves none: it may have ended, or come, in between.
 */
function ownerOf({ thread_id, status }: Lock, { snapshot, gone, nameless }: LateOwners): LockOwner | null {
  const owner = sessionOwner(snapshot, snapshot.connectionOf.get(thread_id));
  if (owner !== null) return owner;
  if (nameless.has(thread_id))
    return { key: `session:thread ${thread_id}`, session: null, transaction: null };
  if (!gone.has(thread_id) || status !== "GRANTED") return null;
  const [left, ...more] = preparedTransactions(snapshot);
  const only = left !== undefined && more.length === 0;
  const key = only ? preparedKey(left) : `prepared:thread ${thread_id}`;
  return { key, session: null, transaction: left ?? null };
}

function isExplicit({ mode, duration, type }: Lock, { session }: LockOwner): boolean {
  if (type === "USER LEVEL LOCK" || mode.startsWith("BACKUP_FTWRL")) return true;
  if (duration === "EXPLICIT") return true;
  return /^SHARED_(NO_READ_WRITE|READ_ONLY)$/.test(mode) && heldByCommand(session);
}

function nameOf({ type, schema_name, object_name }: Lock): {
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
