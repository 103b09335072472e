import { witnessesOf } from "./witness.ts";

/** What servers write on any day, or so seldom that it is nothing; a flood of some of it, too. */
export const everyday = witnessesOf(`
timeouts of idle clients flood | mysql | 300 | - | - | [Note] [MY-010914] [Server] Aborted connection {n} to db: 'shop' user: 'shop_web' host: '10.0.3.7' (Got timeout reading communication packets).
clients vanish flood | mysql | 300 | - | - | [Note] [MY-010914] [Server] Aborted connection {n} to db: 'shop' user: 'shop_web' host: '10.0.3.7' (Got an error reading communication packets).
health checks | mariadb | 300 | - | - | [Warning] Aborted connection {n} to db: 'unconnected' user: 'unauthenticated' host: '10.0.3.7' (This connection closed normally without authentication)
user limit 1203 aborted | mariadb | 100 | - | - | [Warning] Aborted connection {n} to db: 'shop' user: 'etl' host: '10.0.3.7' (User etl already has more than 'max_user_connections' active connections)
plugin used not loaded | mysql | 1 | - | - | [Warning] [MY-010312] [Server] The plugin 'mysql_native_password' used to authenticate user 'legacy'@'%' is not loaded. Nobody can currently login using this account.
native password deprecated flood | mysql | 300 | - | - | [Warning] [MY-013360] [Server] Plugin mysql_native_password reported: ''mysql_native_password' is deprecated and will be removed in a future release. Please use caching_sha2_password instead'
ip not resolved flood | mysql | 300 | - | - | [Warning] [MY-010055] [Server] IP address '10.0.3.7' could not be resolved: Name or service not known
hostname does not resolve back | mysql | 300 | - | - | [Warning] [MY-010057] [Server] Hostname 'ip-10-0-3-7.ec2.internal' does not resolve to '10.0.3.7'.
ssl bad handshake | mysql | 100 | - | - | [Warning] [MY-010000] [Server] Bad handshake
page cleaner once | mysql | 1 | - | - | [Note] [MY-011953] [InnoDB] Page cleaner took 4312ms to flush 843 and evict 0 pages
undo truncation | mysql | 3 | - | - | [Note] [MY-012994] [InnoDB] Truncating UNDO tablespace 'innodb_undo_001'. ++ [Note] [MY-013000] [InnoDB] Completed truncate of undo tablespace 'innodb_undo_001'.
redo writer waits once | mysql | 1 | - | - | [Warning] [MY-013865] [InnoDB] Redo log writer is waiting for a new redo log file. Consider increasing innodb_redo_log_capacity.
table_open_cache could not | mysql | 1 | - | - | [Warning] [MY-010140] [Server] Could not increase number of max_open_files to more than 1024 (request: 5000) ++ [Warning] [MY-010142] [Server] Changed limits: table_open_cache: 400 (requested 2000)
deadlocks few | mysql | 3 | - | - | [Note] [MY-012468] [InnoDB] Transactions deadlock detected, dumping detailed information.
event fails once | mysql | 1 | - | - | [ERROR] [MY-010045] [Server] Event Scheduler: [app@%][shop.roll_up] Lock wait timeout exceeded; try restarting transaction
repl io connect once | mysql | 1 | - | - | [ERROR] [MY-010584] [Repl] Replica I/O for channel '': Error connecting to source 'repl@10.9.0.5:3306'. This was attempt 1/86400, with a delay of 60 seconds between attempts. Message: Can't connect to MySQL server on '10.9.0.5:3306' (110), Error_code: MY-002003 ++ [System] [MY-010562] [Repl] Replica for channel '': connected to source 'repl@10.9.0.5:3306',replication started in log 'mysql-bin-changelog.092144' at position 157
unsafe statements flood | mysql | 300 | - | - | [Warning] [MY-010908] [Server] Unsafe statement written to the binary log using statement format since BINLOG_FORMAT = STATEMENT. The statement is unsafe because it uses a LIMIT clause. This is unsafe because the set of rows included cannot be predicted. Statement: DELETE FROM jobs LIMIT 10
semi-sync off | mysql | 1 | - | - | [Warning] [MY-011153] [Repl] Timeout waiting for reply of binlog (file: mysql-bin-changelog.000010, pos: 2654), semi-sync up to file mysql-bin-changelog.000010, position 2381. ++ [Note] [MY-011155] [Repl] Semi-sync replication switched OFF.
binlogs purged | mysql | 100 | - | - | [Note] [MY-010000] [Server] Purged binary log file /rdsdbdata/log/binlog/mysql-bin-changelog.092140
sort aborted by hand | mysql | 100 | - | - | [Note] [MY-010000] [Server] Sort aborted, host: 10.0.3.7, user: shop_web, thread: 4711, error: 'Query execution was interrupted', query: 'SELECT * FROM orders ORDER BY created_at'
dictionary upgrade done | mysql | 1 | - | - | [System] [MY-013381] [Server] Server upgrade from '80036' to '80040' started. ++ [System] [MY-013381] [Server] Server upgrade from '80036' to '80040' completed.
io-layer timeout | mysql | 100 | - | - | [ERROR] [MY-013935] [Server] IO-layer timeout before wait_timeout was reached.
duplicates in log | mysql | 10 | - | - | [ERROR] [MY-001062] [Server] Duplicate entry '8821' for key 'orders.PRIMARY'
audit started | mariadb | 1 | - | - | [Note] SERVER_AUDIT: logging started to the file /rdsdbdata/log/audit/server_audit.log
replica stopped by hand, and started | mysql | 1 | - | - | [Note] [MY-010587] [Repl] Replica SQL thread for channel '' exiting, replication stopped in log 'mysql-bin-changelog.092144' at position 157 ++ [System] [MY-010562] [Repl] Replica I/O thread for channel '': connected to source 'repl@10.9.0.5:3306',replication started in log 'mysql-bin-changelog.092144' at position 157
source restarted | mariadb | 1 | - | - | [ERROR] Slave I/O: error reconnecting to master 'repl@10.9.0.5:3306' - retry-time: 60  maximum-retries: 86400  message: Can't connect to server on '10.9.0.5' (111 "Connection refused"), Internal MariaDB error code: 2003 ++ [Note] Slave: connected to master 'repl@10.9.0.5:3306',replication resumed in log 'mysql-bin-changelog.000044' at position 8821
internal transactions at a start | mysql | 1 | - | - | [Note] [MY-010000] [InnoDB] Found 1 prepared transaction(s) in InnoDB
connections that are not resolved | mariadb | 300 | - | - | [Warning] Host name 'scanner.example.com' could not be resolved: Name or service not known
`);
