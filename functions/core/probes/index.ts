import { mysqlConnections } from "./mysql/connections.ts";
import { mysqlIndexes } from "./mysql/indexes/indexes.ts";
import { mysqlIndexesUnused } from "./mysql/indexes/unused.ts";
import { mysqlInnodbRates } from "./mysql/innodb-rates.ts";
import { mysqlLastDeadlock } from "./mysql/last-deadlock.ts";
import { mysqlMetadataLocks } from "./mysql/metadata-locks.ts";
import { mysqlObjects } from "./mysql/objects.ts";
import { mysqlOldestTransaction } from "./mysql/oldest-transaction.ts";
import { mysqlOldestTransactionPurge } from "./mysql/oldest-transaction-purge.ts";
import { mysqlOrphanedRows } from "./mysql/orphaned-rows.ts";
import { mariadbPlans } from "./mysql/plans/mariadb-plans.ts";
import { mysqlPlans } from "./mysql/plans/plans.ts";
import { mysqlReplicationAurora } from "./mysql/replication/aurora.ts";
import { mariadbReplication } from "./mysql/replication/mariadb-replication.ts";
import { mysqlReplicationReplicas } from "./mysql/replication/replicas.ts";
import { mysqlReplication } from "./mysql/replication/replication.ts";
import { mariadbRowLocks } from "./mysql/row-locks/mariadb-row-locks.ts";
import { mysqlRowLocks } from "./mysql/row-locks/row-locks.ts";
import { mysqlServer } from "./mysql/server.ts";
import { mysqlSessions } from "./mysql/sessions.ts";
import { mysqlSettings } from "./mysql/settings.ts";
import { mysqlStatementDigestsCapacity } from "./mysql/statement-digests/capacity.ts";
import { mysqlStatementDigests } from "./mysql/statement-digests/statement-digests.ts";
import { mysqlTables } from "./mysql/tables.ts";
import { mysqlXaTransactions } from "./mysql/xa-transactions.ts";
import { postgresBlocking } from "./postgres/blocking/blocking.ts";
import { postgresConnections } from "./postgres/connections.ts";
import { postgresConstraints } from "./postgres/constraints.ts";
import { postgresDatabaseRates } from "./postgres/database-rates.ts";
import { postgresDatabaseRatesCache } from "./postgres/database-rates-cache.ts";
import { postgresDatabaseRatesWriter } from "./postgres/database-rates-writer.ts";
import { postgresForeignKeyIndexes } from "./postgres/foreign-key-indexes.ts";
import { postgresIndexBloat } from "./postgres/index-bloat.ts";
import { postgresIndexes } from "./postgres/indexes.ts";
import { postgresMatviews } from "./postgres/matviews.ts";
import { postgresOldestXmin } from "./postgres/oldest-xmin.ts";
import { postgresOrphanedRows } from "./postgres/orphaned-rows.ts";
import { postgresPartitions } from "./postgres/partitions.ts";
import { postgresPlans } from "./postgres/plans/plans.ts";
import { postgresReplication } from "./postgres/replication.ts";
import { postgresReplicationAurora } from "./postgres/replication-aurora.ts";
import { postgresReplicationReceiver } from "./postgres/replication-receiver.ts";
import { postgresReplicationSlots } from "./postgres/replication-slots.ts";
import { postgresServer } from "./postgres/server.ts";
import { postgresSessions } from "./postgres/sessions.ts";
import { postgresSettings } from "./postgres/settings.ts";
import { postgresSizes } from "./postgres/sizes.ts";
import { postgresTables } from "./postgres/tables/tables.ts";
import { postgresTopStatementsCapacity } from "./postgres/top-statements/capacity.ts";
import { postgresTopStatements } from "./postgres/top-statements/top-statements.ts";
import { postgresVacuumProgress } from "./postgres/vacuum-progress.ts";
import { postgresVacuumWorkers } from "./postgres/vacuum-workers.ts";
import { postgresVacuumWraparound } from "./postgres/vacuum-wraparound.ts";
import { postgresWaitProfile } from "./postgres/wait-profile.ts";

/** Every probe, in the order they are asked: first whether anything works at all, last what costs most. */
export const probes = [
  postgresServer,
  postgresBlocking,
  postgresConnections,
  postgresSessions,
  mysqlServer,
  mysqlConnections,
  mysqlSessions,
  mysqlRowLocks,
  mariadbRowLocks,
  mysqlMetadataLocks,
  postgresOldestXmin,
  postgresDatabaseRates,
  postgresDatabaseRatesCache,
  postgresDatabaseRatesWriter,
  postgresTopStatements,
  postgresTopStatementsCapacity,
  postgresTables,
  // Sleeps on the server for as long as the probes above wait for their second reading: one wait for both.
  postgresWaitProfile,
  postgresMatviews,
  postgresReplication,
  postgresReplicationSlots,
  postgresReplicationReceiver,
  postgresReplicationAurora,
  postgresVacuumProgress,
  postgresVacuumWorkers,
  postgresVacuumWraparound,
  postgresIndexes,
  postgresForeignKeyIndexes,
  postgresIndexBloat,
  postgresConstraints,
  postgresOrphanedRows,
  postgresSettings,
  postgresPlans,
  postgresPartitions,
  postgresSizes,
  mysqlOldestTransaction,
  mysqlOldestTransactionPurge,
  mysqlXaTransactions,
  mysqlStatementDigests,
  mysqlStatementDigestsCapacity,
  mysqlInnodbRates,
  mysqlLastDeadlock,
  mysqlIndexes,
  mysqlIndexesUnused,
  mysqlTables,
  mysqlReplication,
  mariadbReplication,
  mysqlReplicationReplicas,
  mysqlReplicationAurora,
  mysqlSettings,
  mysqlPlans,
  mariadbPlans,
  mysqlObjects,
  mysqlOrphanedRows,
] as const;
