import { mysqlConnections } from "./connections.ts";
import { mysqlEncryptedConnections } from "./encrypted-connections.ts";
import { mysqlEngineState } from "./engine-state/engine-state.ts";
import { mysqlIndexes } from "./indexes/indexes.ts";
import { mysqlIndexesUnused } from "./indexes/unused.ts";
import { mysqlInnodbRates } from "./innodb-rates.ts";
import { mysqlKeyUse } from "./key-use/key-use.ts";
import { mysqlLastDeadlock } from "./last-deadlock.ts";
import { mysqlLimits } from "./limits/limits.ts";
import { mysqlMemory } from "./memory.ts";
import { mysqlMetadataLocks } from "./metadata-locks.ts";
import { mysqlObjects } from "./objects.ts";
import { mysqlOldestTransaction } from "./oldest-transaction.ts";
import { mysqlOldestTransactionPurge } from "./oldest-transaction-purge.ts";
import { mysqlOrphans } from "./orphans.ts";
import { mariadbPlans } from "./plans/mariadb-plans.ts";
import { mysqlPlans } from "./plans/plans.ts";
import { mysqlReplicationAurora } from "./replication/aurora.ts";
import { mariadbReplication } from "./replication/mariadb-replication.ts";
import { mysqlReplicationReplicas } from "./replication/replicas.ts";
import { mysqlReplication } from "./replication/replication.ts";
import { mariadbRowLocks } from "./row-locks/mariadb-row-locks.ts";
import { mysqlRowLocks } from "./row-locks/row-locks.ts";
import { mysqlScheduledEvents } from "./scheduled-events.ts";
import { mysqlServer } from "./server.ts";
import { mysqlSessions } from "./sessions.ts";
import { mysqlSessionsAlone } from "./sessions-alone.ts";
import { mysqlSettings } from "./settings.ts";
import { mysqlSpace } from "./space/space.ts";
import { mysqlStatementDigestsCapacity } from "./statement-digests/capacity.ts";
import { mysqlStatementDigests } from "./statement-digests/statement-digests.ts";
import { mysqlTableStatistics } from "./table-statistics.ts";
import { mysqlTables } from "./tables.ts";
import { mysqlWaitCounters } from "./wait-counters.ts";
import { mysqlWaitProfile } from "./wait-profile.ts";
import { mysqlXaTransactions } from "./xa-transactions.ts";

/** Every question to MySQL and MariaDB, in the order they are asked: first whether anything works at all, last what costs most. */
export const mysqlProbes = [
  mysqlServer,
  // Before the sessions, which all that follow share: what holds a lock is then among them.
  mysqlMetadataLocks,
  mysqlConnections,
  mysqlSessions,
  mysqlRowLocks,
  mariadbRowLocks,
  mysqlSessionsAlone,
  mysqlWaitCounters,
  mysqlReplication,
  mariadbReplication,
  mysqlWaitProfile,
  mysqlOldestTransaction,
  mysqlOldestTransactionPurge,
  mysqlXaTransactions,
  mysqlScheduledEvents,
  mysqlStatementDigests,
  mysqlStatementDigestsCapacity,
  mysqlInnodbRates,
  mysqlEngineState,
  mysqlLastDeadlock,
  mysqlKeyUse,
  mysqlTableStatistics,
  mysqlMemory,
  mysqlSpace,
  mysqlLimits,
  mysqlIndexes,
  mysqlIndexesUnused,
  mysqlTables,
  mysqlReplicationReplicas,
  mysqlReplicationAurora,
  mysqlSettings,
  mysqlEncryptedConnections,
  mysqlPlans,
  mariadbPlans,
  mysqlObjects,
  mysqlOrphans,
] as const;
