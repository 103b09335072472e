/**
 * SHOW REPLICA STATUS field by field: what stands there when a replica is in trouble, and what stands there rightly.
 * https://dev.mysql.com/doc/refman/8.4/en/show-replica-status.html
 * https://dev.mysql.com/doc/refman/8.4/en/replica-sql-thread-states.html
 * https://mariadb.com/kb/en/show-replica-status/
 * Each: engines; fields; the same where all is well ("" for healthy); ids a DBA would give, none where it is meant so; words of which one must be said.
 */
export const replicaTable = `
mM|IO=No||replication-stopped|receiv|stopped
mM|IO=Connecting IO_Errno=2003||replication-stopped|connect|reach
mM|IO=Connecting IO_Errno=1045||replication-stopped|sign|password|denied
mM|IO=Connecting IO_Errno=2005||replication-stopped|name|host
mM|IO=Connecting IO_Errno=2013||replication-stopped|connect|lost
mM|IO=Connecting IO_Errno=2026||replication-stopped|TLS|SSL
mM|IO=Connecting IO_Errno=2061||replication-stopped|TLS|encrypt|sign
mM|IO=Connecting IO_Errno=1130||replication-stopped|host|address
mM|IO=Connecting IO_Errno=1040||replication-stopped|connections
mM|IO=Connecting IO_Errno=1129||replication-stopped|block
mM|IO=No IO_Errno=1236 IO_Error=Could not find first log file name, purged||replication-stopped|purged|no longer|deleted
mM|IO=No IO_Errno=1236 IO_Error=log event entry exceeded max_allowed_packet||replication-stopped|max_allowed_packet
m|IO=No IO_Errno=13114 IO_Error=Could not find first log file name, purged||replication-stopped|purged|no longer|deleted
mM|IO=No IO_Errno=1593||replication-stopped|server|same|identif
mM|IO=No IO_Errno=1595||replication-stopped|relay log
mM|IO=No IO_Errno=1153||replication-stopped|max_allowed_packet
mM|SQL=No||replication-stopped|stopped
mM|SQL=No SQL_Errno=1032||replication-stopped|row|not there|missing
mM|SQL=No SQL_Errno=1062||replication-stopped|duplicate|already
mM|SQL=No SQL_Errno=1146||replication-stopped|table
mM|SQL=No SQL_Errno=1050||replication-stopped|already|exist
mM|SQL=No SQL_Errno=1051||replication-stopped|table
mM|SQL=No SQL_Errno=1054||replication-stopped|column
mM|SQL=No SQL_Errno=1060||replication-stopped|column
mM|SQL=No SQL_Errno=1091||replication-stopped|column|index|drop
mM|SQL=No SQL_Errno=1007||replication-stopped|database
mM|SQL=No SQL_Errno=1008||replication-stopped|database
mM|SQL=No SQL_Errno=1049||replication-stopped|database
mM|SQL=No SQL_Errno=1396||replication-stopped|user|account
mM|SQL=No SQL_Errno=1133||replication-stopped|user|account
mM|SQL=No SQL_Errno=1205||replication-stopped|lock
mM|SQL=No SQL_Errno=1213||replication-stopped|deadlock
mM|SQL=No SQL_Errno=1452||replication-stopped|foreign key|parent
mM|SQL=No SQL_Errno=1451||replication-stopped|foreign key|parent
mM|SQL=No SQL_Errno=1677||replication-stopped|column|type
m|SQL=No SQL_Errno=13146||replication-stopped|column|type
mM|SQL=No SQL_Errno=1594||replication-stopped|relay log
mM|SQL=No SQL_Errno=1197||replication-stopped|max_binlog_cache_size
mM|SQL=No SQL_Errno=1114||replication-stopped storage-low temporary-space-full|full
mM|SQL=No SQL_Errno=1021||replication-stopped storage-low|storage|disk|full
mM|SQL=No SQL_Errno=1030||replication-stopped data-corruption-suspected storage-low|storage engine|engine
mM|SQL=No SQL_Errno=1526||replication-stopped|partition
mM|SQL=No SQL_Errno=1118||replication-stopped|row
mM|SQL=No SQL_Errno=1290||replication-stopped|read.only|option
mM|SQL=No SQL_Errno=1227||replication-stopped|privilege
mM|SQL=No SQL_Errno=1317||replication-stopped|interrupt|kill|stopped
mM|SQL=No SQL_Errno=1406||replication-stopped|long
mM|SQL=No SQL_Errno=1366||replication-stopped|value|character
mM|SQL=No SQL_Errno=1364||replication-stopped|default|column
mM|SQL=No SQL_Errno=1755||replication-stopped|parallel|worker
mM|SQL=No SQL_Errno=1756||replication-stopped|parallel|worker
mM|SQL=No SQL_Errno=1837||replication-stopped|gtid
mM|SQL=No SQL_Errno=1872||replication-stopped|relay log|metadata|initiali
m|SQL=No SQL_Errno=13121||replication-stopped|relay log
m|SQL=No SQL_Errno=3780||replication-stopped|foreign key
M|SQL=No SQL_Errno=1950||replication-stopped|gtid_strict_mode|gtid
M|SQL=No SQL_Errno=1942||replication-stopped|gtid
M|SQL=No SQL_Errno=1969||replication-stopped|max_statement_time
M|SQL=No SQL_Errno=1964||replication-stopped|worker|parallel|commit
mM|Until=SQL_BEFORE_GTIDS SQL=No||replication-stopped|stopped
mM|Lag=1800 Behind=90000 State=Reading event from the relay log|Lag=1 Behind=3|replication-lag|behind
mM|Lag=1800 Behind=90000 State=Waiting for table metadata lock|Lag=1 Behind=3|replication-lag ddl-lock-queue|metadata lock|table
mM|Lag=1800 Behind=90000 State=Waiting for global read lock|Lag=1 Behind=3|replication-lag explicit-lock-held|read lock|FLUSH
mM|Lag=1800 Behind=90000 State=Waiting for commit lock|Lag=1 Behind=3|replication-lag explicit-lock-held|lock
mM|Lag=1800 Behind=90000 State=Waiting for backup lock|Lag=1 Behind=3|replication-lag explicit-lock-held|lock
m|Lag=1800 Behind=90000 State=Waiting for dependent transaction to commit|Lag=1 Behind=3 State=Waiting for dependent transaction to commit|replication-lag|behind
m|Lag=1800 Behind=90000 State=Waiting for preceding transaction to commit|Lag=1 Behind=3|replication-lag|behind
M|Lag=1800 Behind=90000 State=Waiting for room in worker thread event queue|Lag=1 Behind=3|replication-lag|slave_parallel_max_queued|behind
m|Lag=1800 Behind=90000 State=Waiting for replica workers to process their queues|Lag=1 Behind=3|replication-lag|behind
mM|Lag=1800 Behind=90000 State=System lock|Lag=1 Behind=3|replication-lag no-primary-key missing-index|behind
mM|Lag=1800 Behind=90000 State=altering table|Lag=1 Behind=3|replication-lag|ALTER|table|behind
mM|Lag=1800 Behind=90000 State=Making temporary file (append) before replaying LOAD DATA|Lag=1 Behind=3|replication-lag|behind
mM|Lag=3600 Delay=3600 Behind=400 State=Waiting until MASTER_DELAY seconds after master executed event|Lag=3600 Delay=3600 Behind=400||
mM|Lag=9600 Delay=3600 Behind=90000|Lag=3602 Delay=3600 Behind=400|replication-lag|behind
mM|Lag=null Behind=90000|Lag=0 Behind=0|replication-lag replication-stopped|behind
mM|Relay=214000000000 Lag=9000 Behind=900000|Relay=90000000 Lag=1|replication-lag log-or-binlog-fills-storage storage-low|relay log
mM|IO_State=Waiting for the replica SQL thread to free enough relay log space Lag=9000 Behind=90000|IO_State=Waiting for source to send event|replication-lag log-or-binlog-fills-storage|relay_log_space_limit
mM|IO_State=Reconnecting after a failed source event read IO=Connecting|IO_State=Waiting for source to send event|replication-stopped|connect|reach
`;
