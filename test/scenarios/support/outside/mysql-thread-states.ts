/**
 * What Performance Insights shows where performance_schema is off.
 * https://dev.mysql.com/doc/refman/8.4/en/general-thread-states.html
 * https://mariadb.com/kb/en/general-thread-states/
 * Each: the name, the engines (m MySQL, M MariaDB, a Aurora), the machine and the statements meanwhile (see
 * wait-worlds.ts), and the roots that may be told.
 */
export const threadStates = `
Sending data|M|c|r|expensive-statement cpu-saturated
Sending data|M|r|r|expensive-statement io-saturated
executing|m|c|r|expensive-statement cpu-saturated
Statistics|M|c|r|expensive-statement cpu-saturated
statistics|M|r|r|expensive-statement io-saturated
optimizing|m|c|r|expensive-statement cpu-saturated
preparing|mM|c|r|expensive-statement cpu-saturated
Opening tables|mM|w|x|latch-contention:table-cache
opening tables|a|w|x|latch-contention:table-cache
Closing tables|mM|w|x|latch-contention:table-cache
closing tables|a|w|x|latch-contention:table-cache
Waiting for table metadata lock|mM|w|x|ddl-lock-queue
Waiting for table level lock|mM|w|x|ddl-lock-queue
Waiting for table flush|mM|w|x|ddl-lock-queue
Waiting for global read lock|mM|w|w|explicit-lock-held
Waiting for commit lock|mM|w|w|explicit-lock-held
Waiting for backup lock|mM|w|w|explicit-lock-held
Waiting for schema metadata lock|mM|w|x|ddl-lock-queue
Waiting for stored function metadata lock|mM|w|x|ddl-lock-queue
Waiting for stored procedure metadata lock|mM|w|x|ddl-lock-queue
Waiting for trigger metadata lock|mM|w|x|ddl-lock-queue
Waiting for event metadata lock|mM|w|x|ddl-lock-queue
Waiting for tablespace metadata lock|m|w|x|ddl-lock-queue
Waiting for acl cache metadata lock|m|w|x|ddl-lock-queue
Waiting for query cache lock|M|c|x|latch-contention:query-cache
invalidating query cache entries (table)|M|c|w|latch-contention:query-cache
checking query cache for query|M|c|r|latch-contention:query-cache
storing result in query cache|M|c|r|latch-contention:query-cache
sending cached result to client|M|w|r|unbounded-result
System lock|mM|w|x|ddl-lock-queue
Table lock|M|w|x|ddl-lock-queue
Locked|M|w|x|ddl-lock-queue
User lock|mM|w|n|explicit-lock-held
Waiting for user lock|mM|w|x|explicit-lock-held
User sleep|mM|w|r|standby
checking permissions|mM|c|x|latch-contention:grants
freeing items|mM|w|x|commit-stall unclear
cleaning up|mM|w|x|commit-stall unclear
Updating|M|w|w|hot-row-contention
updating|m|w|w|hot-row-contention
update|M|w|w|hot-row-contention
updating|a|w|w|hot-row-contention
Updating|M|c|w|cpu-saturated
deleting from main table|M|c|w|cpu-saturated
Updating main table|M|c|w|cpu-saturated
end of update loop|M|w|w|commit-stall
Reading from net|mM|w|w|unbounded-result
Receiving from client|m|w|x|unbounded-result
Writing to net|mM|w|r|unbounded-result
Sending to client|mM|w|r|unbounded-result
starting|mM|w|w|commit-stall
starting|mM|c|x|cpu-saturated
init|mM|w|w|commit-stall
Init|M|w|w|commit-stall
init for update|M|w|w|commit-stall
query end|mM|w|w|commit-stall
Query end|M|w|w|commit-stall
end|mM|w|w|commit-stall
Commit|M|w|w|commit-stall
Committing|M|w|w|commit-stall
waiting for handler commit|m|w|w|commit-stall
Waiting for prior transaction to commit|M|w|n|standby
Waiting for prior transaction to start commit|M|w|n|standby
Waiting for preceding transaction to commit|m|w|n|standby
Waiting for dependent transaction to commit|m|w|n|standby
Waiting for semi-sync ACK from slave|M|w|w|commit-stall
Waiting for semi-sync ACK from replica|m|w|w|commit-stall
Waiting for semi-sync ACK from slave|m|w|w|commit-stall
delayed commit ok initiated|a|w|w|commit-stall
delayed send ok initiated|a|w|r|standby
converting HEAP to ondisk|m|t|r|spilling-query
converting HEAP to MyISAM|mM|t|r|spilling-query
converting HEAP to Aria|M|t|r|spilling-query
Copying to tmp table|M|c|r|expensive-statement cpu-saturated
Copying to tmp table on disk|M|t|r|spilling-query
Creating tmp table|mM|c|r|expensive-statement cpu-saturated
removing tmp table|mM|c|r|spilling-query
Removing tmp table|M|w|r|spilling-query
Creating sort index|mM|c|r|expensive-statement cpu-saturated
Creating sort index|mM|t|r|expensive-statement io-saturated
Sorting result|mM|c|r|expensive-statement cpu-saturated
Sorting for group|M|c|r|expensive-statement cpu-saturated
Sorting for order|M|c|r|expensive-statement cpu-saturated
Sorting index|M|c|r|expensive-statement cpu-saturated
Removing duplicates|M|c|r|expensive-statement cpu-saturated
FULLTEXT initialization|mM|c|r|expensive-statement cpu-saturated
copy to tmp table|mM|t|w|io-saturated
altering table|mM|t|w|io-saturated
committing alter table to storage engine|m|t|w|io-saturated
Creating index|mM|t|w|io-saturated
creating table|mM|w|w|latch-contention:dictionary
Repair by sorting|M|t|w|io-saturated
Checking table|M|r|r|expensive-statement io-saturated
Analyzing|M|r|r|expensive-statement io-saturated
Rolling back|M|t|w|io-saturated
rollback|M|t|w|io-saturated
logging slow query|mM|w|x|latch-contention:statement-log
login|mM|w|n|connection-storm
Unlocking tables|M|w|x|commit-stall unclear
Has sent all binlog to slave; waiting for more updates|mM|w|n|standby
Master has sent all binlog to slave; waiting for more updates|M|w|n|standby
Source has sent all binlog to replica; waiting for more updates|m|w|n|standby
Has read all relay log; waiting for more updates|mM|w|n|standby
Waiting for master to send event|M|w|n|standby
Waiting for source to send event|m|w|n|standby
Waiting for an event from Coordinator|m|w|n|standby
Waiting for work from SQL thread|M|w|n|standby
Waiting on empty queue|mM|w|n|standby
Waiting for next activation|mM|w|n|standby
Waiting for room in worker thread event queue|M|w|n|standby
Waiting for Replica Workers to process their queues|m|w|n|standby
Sending binlog event to slave|M|w|n|standby
Slave has read all relay log; waiting for more updates|M|w|n|standby
InnoDB purge worker|M|w|n|standby
Unknown|mMa|w|x|unclear
`;
