import { type LockForest, lockForestSchema } from "../../contract/locks.ts";
import type { LockRequest } from "../../locks/forest.ts";
import { mariadbHeldModes } from "../../locks/mariadb-held-modes.ts";
import { isUpgrade, metadataConflicts, metadataPriority } from "../../locks/mysql-metadata-modes.ts";
import type { ServerInfo, SqlRow } from "../../ports.ts";
import { defineProbe, type ProbeContext } from "../define.ts";
import { type AskedSeconds, metadataWait, readAskedSeconds } from "./asked-seconds.ts";
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
  type MetadataLock,
  metadataLockColumns,
  metadataObject,
  readMetadataLocks,
} from "./metadata-rows.ts";
import { type FirstMetadataLook, laterMetadataLook, withMetadataTurns } from "./metadata-turns.ts";
import { partLooks } from "./second-look.ts";
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

/**
 * Only objects that somebody waits for. MySQL has an index which is none: each look-up walks all locks, so that queues
 * for many objects cost their product. CONCAT keeps it off that index, and it hashes what is wanted (14 ms before, 3
 * after, with 290 objects). MariaDB hashes by itself, and compares each with each when told the order.
 */
function locksSql({ engine }: ServerInfo): string {
  const [join, type] =
    engine === "mysql" ? ["STRAIGHT_JOIN", "CONCAT(l.OBJECT_TYPE, '')"] : ["JOIN", "l.OBJECT_TYPE"];
  return `
  SELECT ${metadataLockColumns}
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
  cost: "Two passes over metadata_locks; linear in the open tables of all sessions. For a holder of the moment another pass, half a second later.",
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
  followRounds: 2,
  follow: ([, locks = [], ...rest], context) => {
    if (locks.length === 0) return [];
    const { again, others } = partLooks(rest.slice(mysqlSnapshotLength));
    const ids = unknownThreads(readMetadataLocks(locks), readMysqlSnapshot(rest, context));
    if (others.length === 0 && ids.length > 0)
      return [lateOwnersStatement(context.server, ids, "metadata_locks")];
    return again === undefined ? laterMetadataLook(firstLook(locks, rest, context)) : [];
  },
  read: ([sight = [], locks = [], ...rest], context): LockForest[] => {
    requireMetadataLocks(sight);
    const { again } = partLooks(rest.slice(mysqlSnapshotLength));
    return [withMetadataTurns(firstLook(locks, rest, context), again)];
  },
});

function firstLook(
  locks: readonly SqlRow[],
  rest: readonly (readonly SqlRow[])[],
  context: ProbeContext,
): FirstMetadataLook {
  const [late = []] = partLooks(rest.slice(mysqlSnapshotLength)).others;
  const owners = readLateOwners(readMysqlSnapshot(rest, context), late, context);
  const { snapshot } = owners;
  const asked = readAskedSeconds(rest);
  const rows = readMetadataLocks(locks);
  const shown = withoutUpgrades(rows.flatMap((row) => requestOf(row, owners, asked)));
  const requests = context.server.engine === "mariadb" ? mariadbHeldModes(shown) : shown;
  const granted = rows.filter(({ status }) => status === "GRANTED");
  return {
    forest: mysqlForest({ requests, snapshot, xids: null, conflicts: metadataConflicts }),
    held: Map.groupBy(granted, (row) => ownerOf(row, owners)?.key ?? ""),
  };
}

/** A page's worth: what is beyond it belongs to nobody that could be named. */
const mostUnknown = 500;

function unknownThreads(locks: readonly MetadataLock[], snapshot: MysqlSnapshot): readonly number[] {
  const ids = locks
    .map(({ thread_id }) => thread_id)
    .filter((id) => sessionOwner(snapshot, snapshot.connectionOf.get(id)) === null);
  return [...new Set(ids)].slice(0, mostUnknown);
}

function requestOf(row: MetadataLock, owners: LateOwners, asked: AskedSeconds): LockRequest[] {
  const owner = ownerOf(row, owners);
  if (owner === null) return [];
  const granted = row.status === "GRANTED";
  const waitSeconds = granted ? null : metadataWait(row, owner.session, asked);
  return [
    {
      owner: owner.key,
      ...metadataObject(row),
      mode: row.mode,
      granted,
      // A statement waits less long than a day, so that the class decides first.
      order: metadataPriority(row.mode) * 1e9 - (waitSeconds ?? owner.session?.statementSeconds ?? 0),
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
function ownerOf(
  { thread_id, status }: MetadataLock,
  { snapshot, gone, nameless }: LateOwners,
): LockOwner | null {
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

function isExplicit({ mode, duration, type }: MetadataLock, { session }: LockOwner): boolean {
  if (type === "USER LEVEL LOCK" || mode.startsWith("BACKUP_FTWRL")) return true;
  if (duration === "EXPLICIT") return true;
  // FLUSH TABLES t WITH READ LOCK, or FOR EXPORT: of statements only a DDL that runs holds it.
  if (mode === "SHARED_NO_WRITE") return session !== null && session.state !== "active";
  return /^SHARED_(NO_READ_WRITE|READ_ONLY)$/.test(mode) && heldByCommand(session);
}
