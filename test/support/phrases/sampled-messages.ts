/**
 * Messages of the servers as their catalogues have them, one a line, each of which lost words of its own before the phrases
 * were known: of PostgreSQL 13 to 18, and of MySQL 9 and MariaDB 10.11. Drawn evenly from what test/support/phrases finds.
 */
export const postgresMessagesSampled: readonly string[] =
  `This command would create a multixact with %u members, but the remaining space is only enough for %u member.
This command would create a multixact with %u members, but the remaining space is only enough for %u members.
database with OID %u must be vacuumed before %d more multixact members are used
too many notifications in the NOTIFY queue
NOTIFY queue is %.0f%% full
The server process with PID %d is among those with the oldest transactions.
The NOTIFY queue cannot be emptied until that process ends its current transaction.
%s = %d is a lower setting than on the primary server, where its value was %d.
If recovery is unpaused, the server will shut down.
You can then restart the server after making the necessary configuration changes.
failed to add tuple to page
database with OID %u must be vacuumed before %u more MultiXactIds are used
MultiXact member wraparound protections are disabled because oldest checkpointed MultiXact %u does not exist on disk
could not truncate directory "%s": apparent wraparound
Timeline IDs must be in increasing sequence.
recovering prepared transaction %u from shared memory
removing future two-phase state from memory for transaction %u
space reserved for WAL record does not match what was written
The database cluster was initialized with MAXALIGN %d, but the server was compiled with MAXALIGN %d.
The database cluster was initialized with LOBLKSIZE %d, but the server was compiled with LOBLKSIZE %d.
recovery stopping after reaching consistency
Execute pg_wal_replay_resume() to promote.
This probably means that some data is corrupted and you will have to use the last backup for recovery.
requested timeline %u is not a child of this server's history
WAL ends before end of online backup
invalid resource manager ID in checkpoint record
unexpected timeline ID %u in checkpoint record, before reaching minimum recovery point %X/%X on timeline %u
symbolic link "%s" target is too long
promote trigger file found: %s
some databases have not been vacuumed in over 2 billion transactions
could not translate service "%s" to address: %s
autovacuum: dropping orphan temp table "%s.%s.%s"
Consider increasing the configuration parameter "max_wal_size".
could not resolve "localhost": %s
could not connect socket for statistics collector: %m
could not fork statistics collector: %m
could not create any TCP/IP sockets
This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.
SSL configuration was not reloaded
could not generate random cancel key
This might be caused by ASLR or antivirus software.
Please report this to <%s>.
could not fork system logger: %m
disabling automatic rotation (use SIGHUP to re-enable)
further checksum verification failures in file "%s" will not be reported
Streaming transactions committing after %X/%X, reading WAL from %X/%X.
logical decoding found consistent point at %X/%X
Logical decoding will begin using saved snapshot.
terminating process %d to release replication slot "%s"
physical replication slot "%s" exists, but wal_level < replica
fetching timeline history file for timeline %u from primary server
insufficient file descriptors available to start server process
dynamic shared memory control segment is corrupt
failed to re-find shared lock object
Process holding the lock: %s. Wait queue: %s.
duration: %s ms  fastpath function call: "%s" (OID %u)
data directory "%s" has wrong ownership
pre-existing shared memory block (key %lu, ID %lu) is still in use
The data directory was initialized by PostgreSQL version %s, which is not compatible with this version %s.
It seems to have just been dropped or renamed.
cannot truncate up to MultiXact %u because it has invalid offset, skipping truncation
server did not promote within %d second
Restart the server after making the necessary configuration changes.
overwrote invalid relminmxid value %u with new value %u for table "%s"
issuing SIGKILL to recalcitrant children
could not map backend parameter memory: error code %lu
logical replication starts skipping transaction at LSN %X/%X
PID %d is not a PostgreSQL backend process
could not unlink permanent statistics file "%s": %m
The database cluster was initialized with %s %d, but the server was compiled with %s %d.
unrecognized "wal_sync_method": %d
specified neither "primary_conninfo" nor "restore_command"
Close open transactions soon to avoid wraparound problems. You might also need to commit or roll back old prepared transactions.
You might need to increase "%s".
replication slot synchronization worker will stop because promotion is triggered
Change "wal_level" to be "logical" or higher.
unexpected MyProcNumber %d in SharedInvalBackendInit (max %d)
direct SSL connection accepted
attempted to delete invisible tuple
"%s": removed %.0f row versions in %u pages
Execute a database-wide VACUUM in that database. You might also need to commit or roll back old prepared transactions, or drop stale replication slots.
Could not read from file "%s" at offset %u: read too few bytes.
calculated CRC checksum does not match value stored in file "%s"
Two-phase state file has been found in WAL record %X/%X, but this transaction has already been restored from disk.
wal_level must be set to "replica" or "logical" at server start.
unexpected EOF within message length word
could not stat file or directory "%s": %m
cannot start logical replication workers when max_replication_slots = 0
replication origin with OID %d is already active for PID %d
snapbuild state file "%s" has wrong magic number: %u instead of %u
Free one or increase max_replication_slots.
invalid keepalive message received from primary
cannot create temporary subdirectory "%s": %m
could not map shared memory segment "%s": %m
not enough elements in RWConflictPool to record a potential read/write conflict
bind message supplies %d parameters, but prepared statement "%s" requires %d
tuple to be updated was already modified by an operation triggered by the current command
Existing resource manager with ID %d has the same name.
replication origin with ID %d is already active for PID %d
could not read from streaming transaction's changes file "%s": read only %zu of %zu bytes
uncommitted xmin %u needs to be frozen
WAL generated with "full_page_writes=off" was replayed since last restartpoint
could not send data to shared-memory queue
could not synchronize replication slot "%s"
replication slot synchronization will stop because promotion is triggered
cannot specify logical replication slot "%s" in parameter "%s"
zeroing %u page(s) and ignoring %u checksum failure(s) among blocks %u..%u of relation "%s"
custom cumulative statistics name is invalid`.split("\n");

export const mysqlMessagesSampled: readonly string[] =
  `While initializing dump thread for replica with %s <%s>, found a zombie dump thread with the same %s. Source is killing the zombie dump thread(%u).
Bad syntax in replicate-rewrite-db - empty FROM db!
Connection attributes of length %lu were truncated (%d bytes lost) for connection %llu, user %s@%s (as %s), auth: %s
Recovering after a crash using %s
Read invalid event from source: '%s', source could be corrupt but a more likely cause of this is a bug
Event Scheduler: Error while loading from disk.
%s failed to move crash safe index file to index file.
Long database name and identifier for object resulted in a path length too long for table '%s'. Please check the path limit for your OS.
Failed to add a replication filter into filter map for channel '%.192s'.
Timeout waiting for reply of binlog (file: %s, pos: %lu), semi-sync up to file %s, position %lu.
Failed to update connection delay triggered stats
Error when contacting the server to ensure the proper logging of a group change in the binlog
The replica applier thread of channel '%s' is unblocked as the member is declared ONLINE now.
Ignoring data file '%s' with space ID %lu. Another data file called '%s' exists with the same space ID
Extending tablespace : %lu space name: %s to new size: %lu pages during recovery.
Can't set undo tablespace '%s' to be encrypted. Failed to write header page.
Unable to initialize the header page in undo tablespace number %lu.
Query counter shows %lld queries still inside InnoDB at shutdown
STOP REPLICA command execution is incomplete: Replica IO thread got the stop signal, thread is busy, IO thread will stop once the current task is complete.
The use of replication filters with XA transactions is not supported, and can lead to an undefined state in the replica.
Failed to encrypt content to write into binlog file: %s.
'%s' statement is unsafe because it uses a system function that may return a different value on the replica.
An unexpected event sequence was detected by the SQL thread while applying an event.
InnoDB redo logging is enabled. Data is now safe and can be recovered in case of a server crash.
%s: Warning Level 1 (%llu MiB): mount point = '%s', available = %llu MiB, total = %llu MiB, used = %.2f%%, low limit = %llu MiB, critical level = %llu MiB
Ignoring encryption INFO size in redo log: %zu, expected: %zu
The redo log file %s has invalid start_lsn %llu.
The Replica which was connected to source '%s:%d', is now connected to new source '%s:%d', but still has the same server_uuid %s.
This member %s:%u will be the one sending the recovery metadata message.
Error fetching system memory stats. Retrying in 5 seconds.
Slave: connected to master '%s@%s:%d',replication resumed in log '%s' at position %llu
Slave I/O thread stops because it reached its UNTIL master_gtid_pos %s
Can't create handle_manager thread (errno: %M)
Failed to determine binlog file name while looking for GTID position in binlog
Error code %d of query '%s' is cleared at its binary logging.
Slave worker thread retried transaction %lu time(s) in vain, giving up. Consider raising the value of the slave_transaction_retries variable.
Can't create a new thread (errno %M); if you are not out of available memory, you can consult the manual for a possible OS-dependent bug
Cannot change the binlog direct flag inside a stored function or trigger
Can't open shared memory; server could not get pointer to file mapping (%lu)
Failed to truncate the binary log to file:%s pos:%llu.
Could not get an exclusive lock; file is probably in use by another process
InnoDB could not find key no %u with name %s from dict cache for table %s
InnoDB: ROW_FORMAT=%s is ignored for TEMPORARY TABLE.
InnoDB: Insert into SYS_COLUMNS failed
InnoDB: Cannot replay rename of tablespace %u to '%s': %s
InnoDB: %\`.*s.%\`s autoinc value set to %lu
InnoDB: Corrupted page [page id: space=%u, page number=0] of datafile '%s' could not be found in the doublewrite buffer
InnoDB: Doublewrite buffer not found: creating new
InnoDB: Invalid definition of SYS_FOREIGN
InnoDB: Trying to extend '%s' by single page(s) though the space size %u. Page no %u.`.split("\n");
