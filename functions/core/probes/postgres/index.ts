import { postgresBlocking } from "./blocking/blocking.ts";
import { postgresLocksAlone } from "./blocking/locks-alone.ts";
import { postgresCollations } from "./collations.ts";
import { postgresConnections } from "./connections.ts";
import { postgresConstraints } from "./constraints.ts";
import { postgresCronJobs } from "./cron-jobs.ts";
import { postgresDatabaseRates } from "./database-rates.ts";
import { postgresDatabaseRatesCache } from "./database-rates-cache.ts";
import { postgresDatabaseRatesWriter } from "./database-rates-writer.ts";
import { postgresEncryptedConnections } from "./encrypted-connections.ts";
import { postgresFailingStatements } from "./failing-statements.ts";
import { postgresForeignKeyIndexes } from "./foreign-key-indexes.ts";
import { postgresIndexBloat } from "./index-bloat.ts";
import { postgresIndexes } from "./indexes.ts";
import { postgresKeyUse } from "./key-use.ts";
import { postgresLogicalDecoding } from "./logical-decoding.ts";
import { postgresMatviews } from "./matviews.ts";
import { postgresNarrowReferences } from "./narrow-references.ts";
import { postgresOldestXmin } from "./oldest-xmin.ts";
import { postgresOldestXminSlots } from "./oldest-xmin-slots.ts";
import { postgresOrphans } from "./orphans.ts";
import { postgresOwnLimits } from "./own-limits.ts";
import { postgresPartitions } from "./partitions.ts";
import { postgresPlans } from "./plans/plans.ts";
import { postgresRelationLocks } from "./relation-locks.ts";
import { postgresReplication } from "./replication.ts";
import { postgresReplicationAurora } from "./replication-aurora.ts";
import { postgresReplicationReceiver } from "./replication-receiver.ts";
import { postgresReplicationSlots } from "./replication-slots.ts";
import { postgresSequencesBehind } from "./sequences-behind.ts";
import { postgresServer } from "./server.ts";
import { postgresSessions } from "./sessions.ts";
import { postgresSettings } from "./settings.ts";
import { postgresSizes } from "./sizes.ts";
import { postgresSlru } from "./slru.ts";
import { postgresSubscriptions } from "./subscriptions.ts";
import { postgresTables } from "./tables/tables.ts";
import { postgresTempFiles } from "./temp-files.ts";
import { postgresTopStatementsCapacity } from "./top-statements/capacity.ts";
import { postgresTopStatements } from "./top-statements/top-statements.ts";
import { postgresUndoneChanges } from "./undone-changes.ts";
import { postgresVacuumProgress } from "./vacuum-progress.ts";
import { postgresVacuumWorkers } from "./vacuum-workers.ts";
import { postgresVacuumWraparound } from "./vacuum-wraparound.ts";
import { postgresWaitProfile } from "./wait-profile.ts";

/** Every question to PostgreSQL, in the order they are asked: first whether anything works at all, last what costs most. */
export const postgresProbes = [
  postgresServer,
  postgresBlocking,
  postgresConnections,
  postgresSessions,
  postgresLocksAlone,
  postgresOwnLimits,
  postgresReplicationReceiver,
  postgresOldestXmin,
  postgresOldestXminSlots,
  postgresDatabaseRates,
  postgresDatabaseRatesCache,
  postgresDatabaseRatesWriter,
  postgresTopStatements,
  postgresTopStatementsCapacity,
  postgresFailingStatements,
  postgresTempFiles,
  postgresLogicalDecoding,
  postgresSlru,
  postgresTables,
  postgresUndoneChanges,
  postgresSequencesBehind,
  // Sleeps on the server for as long as the probes above wait for their second reading: one wait for both.
  postgresWaitProfile,
  postgresCronJobs,
  postgresRelationLocks,
  postgresMatviews,
  postgresReplication,
  postgresReplicationSlots,
  postgresSubscriptions,
  postgresReplicationAurora,
  postgresVacuumProgress,
  postgresVacuumWorkers,
  postgresVacuumWraparound,
  postgresIndexes,
  postgresForeignKeyIndexes,
  postgresIndexBloat,
  postgresCollations,
  postgresConstraints,
  postgresKeyUse,
  postgresNarrowReferences,
  postgresOrphans,
  postgresSettings,
  postgresEncryptedConnections,
  postgresPlans,
  postgresPartitions,
  postgresSizes,
] as const;
