import { witnessesOf } from "./witness.ts";

/** What the engine says of storage, memory, its start and of statements. */
export const engine = witnessesOf(`
page cleaner slow | mysql | 40 | write-stall | - | [Note] [MY-011953] [InnoDB] Page cleaner took 14{n}ms to flush 2000 and evict 0 pages
undo without room | mysql | 2 | history-list-growth | undo | [ERROR] [MY-012814] [InnoDB] No more space left in undo tablespace
long semaphore wait | mysql | 4 | latch-contention | - | [Warning] [MY-012985] [InnoDB] A long semaphore wait: ++ =--Thread 139840586462976 has waited at row0purge.cc line 1010 for 261 seconds the semaphore:
long wait mariadb | mariadb | 3 | latch-contention | dict_sys | [Warning] InnoDB: Long wait (242 seconds) for dict_sys.latch
semaphore crash | mysql | 1 | restart-or-crash | - | [ERROR] [MY-012872] [InnoDB] [FATAL] Semaphore wait has lasted > 600 seconds. We intentionally crash the server because it appears to be hung.
cannot allocate memory buffer pool | mysql | 3 | memory-pressure | - | [ERROR] [MY-012956] [InnoDB] Cannot allocate memory for the buffer pool ++ [ERROR] [MY-012930] [InnoDB] Plugin initialization aborted with error Generic error. ++ [ERROR] [MY-010334] [Server] Failed to initialize DD Storage Engine ++ [ERROR] [MY-010020] [Server] Data Dictionary initialization failed. ++ [ERROR] [MY-010119] [Server] Aborting
cannot allocate n bytes | mysql | 3 | memory-pressure | - | [ERROR] [MY-012157] [InnoDB] Cannot allocate 134217728 bytes of memory after 60 tries over 60 seconds. OS error: Cannot allocate memory (12). Check if you should increase the swap file or ulimits of your operating system.
out of memory needed | mysql | 30 | memory-pressure | - | [ERROR] [MY-010045] [Server] Out of memory (Needed 131072 bytes)
out of memory mariadb | mariadb | 30 | memory-pressure | - | [ERROR] mysqld: Out of memory (Needed 131072 bytes)
out of memory restart and try | mysql | 30 | memory-pressure | - | [ERROR] [MY-001037] [Server] Out of memory; restart server and try again (needed 65536 bytes)
out of sort memory | mysql | 100 | error-storm | sort | [ERROR] [MY-001038] [Server] Out of sort memory, consider increasing server sort buffer size
tmp table full | mysql | 60 | temporary-space-full | - | [ERROR] [MY-013132] [Server] The table '/rdsdbdata/tmp/#sqlfe_5_1' is full!
disk full binlog | mysql | 5 | storage-low | - | [ERROR] [MY-010907] [Server] Disk is full writing '/rdsdbdata/log/binlog/mysql-bin-changelog.000123' (OS errno 28 - No space left on device). Waiting for someone to free space... Retry in 60 secs. Message reprinted in 600 secs.
disk full mariadb | mariadb | 5 | storage-low | - | [ERROR] mysqld: Disk full (/rdsdbdata/log/binlog/mysql-bin-changelog.000123); waiting for someone to free some space... (errno: 28 "No space left on device")
innodb errno 28 | mysql | 20 | storage-low | - | [ERROR] [MY-012639] [InnoDB] Write to file ./shop/orders.ibd failed at offset 1048576, 1048576 bytes should have been written, only 0 were written. Operating system error number 28. Check that your OS and file system support files of this size. Check also that the disk is not full or a disk quota exceeded. ++ [ERROR] [MY-012640] [InnoDB] Error number 28 means 'No space left on device'
innodb errno 5 | mysql | 5 | data-corruption-suspected | - | [ERROR] [MY-012592] [InnoDB] Operating system error number 5 in a file operation. ++ [ERROR] [MY-012596] [InnoDB] Error number 5 means 'Input/output error'
missing tablespace | mysql | 3 | data-corruption-suspected | - | [ERROR] [MY-012592] [InnoDB] Operating system error number 2 in a file operation. ++ [ERROR] [MY-012216] [InnoDB] Cannot open datafile for read-only: './shop/orders.ibd' OS error: 71 ++ [Warning] [MY-012049] [InnoDB] Cannot calculate statistics for table {b}shop{b}.{b}orders{b} because the .ibd file is missing. Please refer to http://dev.mysql.com/doc/refman/8.0/en/innodb-troubleshooting.html for how to resolve the issue.
tablespace missing words | mysql | 3 | data-corruption-suspected | - | [ERROR] [MY-012224] [InnoDB] Tablespace is missing for table shop/orders.
page corruption | mysql | 1 | data-corruption-suspected | - | [ERROR] [MY-011906] [InnoDB] Database page corruption on disk or a failed file read of page [page id: space=87, page number=3]. You may have to recover from a backup.
lsn in the future | mysql | 10 | data-corruption-suspected | - | [ERROR] [MY-012738] [InnoDB] Page [page id: space=87, page number=2] log sequence number 9144173622 is in the future! Current system log sequence number 9044173622.
checksum mismatch tablespace | mysql | 1 | data-corruption-suspected | - | [ERROR] [MY-012229] [InnoDB] Checksum mismatch in datafile: ./shop/orders.ibd, Space ID: 87, Flags: 16417. Please refer to http://dev.mysql.com/doc/refman/8.0/en/innodb-troubleshooting-datadict.html for how to resolve the issue.
index corrupt try to repair | mysql | 10 | data-corruption-suspected | - | [ERROR] [MY-000126] [Server] Incorrect key file for table './shop/logs.MYI'; try to repair it
marked as crashed | mysql | 10 | data-corruption-suspected | - | [ERROR] [MY-000145] [Server] Table './shop/users' is marked as crashed and should be repaired
crash recovery of index failed mariadb | mariadb | 1 | data-corruption-suspected | - | [ERROR] InnoDB: Flagged corruption of {b}idx_sku{b} in table {b}shop{b}.{b}stock{b} in purge
redo writer waits | mysql | 60 | write-stall | redo log | [Warning] [MY-013865] [InnoDB] Redo log writer is waiting for a new redo log file. Consider increasing innodb_redo_log_capacity.
threads cannot reserve redo | mysql | 30 | write-stall | - | [Warning] [MY-014084] [InnoDB] Threads are unable to reserve space in redo log which can't be reclaimed by the 'log_checkpointer' consumer still lagging behind at LSN = 914417362207. Consider increasing innodb_redo_log_capacity.
crash recovery broken mariadb | mariadb | 6 | write-stall | - | [ERROR] InnoDB: Crash recovery is broken due to insufficient innodb_log_file_size; last checkpoint LSN=914417362207, current LSN=914517362207. Shutdown is in progress
blob larger than redo | mysql | 30 | error-storm | - | [ERROR] [MY-012764] [InnoDB] The total blob data length (98765432) is greater than 10% of the total redo log size (100663296). Please increase total redo log size.
no free blocks | mysql | 60 | write-stall | - | [Warning] [MY-011959] [InnoDB] Difficult to find free blocks in the buffer pool (340 search iterations)! 340 failed attempts to flush a page! Consider increasing the buffer pool size. It is also possible that in your Unix version fsync is very slow, or completely frozen inside the OS kernel.
event fails: auto-increment read | mysql | 15 | key-exhausted | - | [ERROR] [MY-010045] [Server] Event Scheduler: [app@%][shop.fill_days] Failed to read auto-increment value from storage engine ++ [Note] [MY-010046] [Server] Event Scheduler: [app@%].[shop.fill_days] event execution failed.
duplicate 4294967295 | mysql | 60 | key-exhausted | orders.PRIMARY | [ERROR] [MY-001062] [Server] Duplicate entry '4294967295' for key 'orders.PRIMARY'
failed auto-increment | mysql | 60 | key-exhausted | - | [ERROR] [MY-001467] [Server] Failed to read auto-increment value from storage engine
deadlocks flood | mysql | 150 | deadlocks | - | [Note] [MY-012468] [InnoDB] Transactions deadlock detected, dumping detailed information.
event fails: table missing | mysql | 15 | error-storm | purge_old | [ERROR] [MY-010045] [Server] Event Scheduler: [app@%][shop.purge_old] Table 'shop.old_orders' doesn't exist ++ [Note] [MY-010046] [Server] Event Scheduler: [app@%].[shop.purge_old] event execution failed.
event fails: lock wait | mysql | 15 | error-storm | roll_up | [ERROR] [MY-010045] [Server] Event Scheduler: [app@%][shop.roll_up] Lock wait timeout exceeded; try restarting transaction ++ [Note] [MY-010046] [Server] Event Scheduler: [app@%].[shop.roll_up] event execution failed.
event definer missing | mysql | 15 | error-storm | purge_old | [ERROR] [MY-010045] [Server] Event Scheduler: [gone@%][shop.purge_old] The user specified as a definer ('gone'@'%') does not exist
event read-only | mysql | 15 | database-read-only | - | [ERROR] [MY-010045] [Server] Event Scheduler: [app@%][shop.purge_old] The MySQL server is running with the --read-only option so it cannot execute this statement
sort aborted for memory | mysql | 100 | error-storm | - | [ERROR] [MY-001028] [Server] Sort aborted: Out of sort memory, consider increasing server sort buffer size
incorrect key file tmp | mysql | 60 | temporary-space-full | - | [ERROR] [MY-000126] [Server] Incorrect key file for table '/rdsdbdata/tmp/#sql_12ab_0.MYI'; try to repair it
temporary tablespace out | mariadb | 60 | temporary-space-full | - | [ERROR] InnoDB: The InnoDB temporary tablespace ran out of space. Please add another file or use 'autoextend' for the last file in setting innodb_temp_data_file_path.
tablespace ibtmp out | mysql | 60 | temporary-space-full | - | [ERROR] [MY-012823] [InnoDB] Tablespace innodb_temporary ran out of space. Please add another file or use 'autoextend' for the last file in setting innodb_temp_data_file_path.
thread stack overrun | mysql | 60 | error-storm | thread stack | [ERROR] [MY-001436] [Server] Thread stack overrun:  246880 bytes used of a 262144 byte stack, and 16000 bytes needed.  Use 'mysqld --thread_stack=#' to specify a bigger stack.
signal 11 | mysql | 1 | restart-or-crash | - | ={t} UTC - mysqld got signal 11 ;
signal 6 mariadb | mariadb | 1 | restart-or-crash | - | [ERROR] mysqld got signal 6 ;
crash recovery | mysql | 1 | restart-or-crash | - | [Note] [MY-012551] [InnoDB] Database was not shutdown normally! ++ [Note] [MY-012552] [InnoDB] Starting crash recovery.
dictionary upgrade failed | mysql | 3 | database-unreachable | - | [System] [MY-013381] [Server] Server upgrade from '80036' to '80405' started. ++ [ERROR] [MY-013178] [Server] Execution of server-side SQL statement 'ALTER TABLE' failed with error code = 1813, error message = 'Tablespace 'mysql/x' exists.'. ++ [ERROR] [MY-013380] [Server] Failed to upgrade server. ++ [ERROR] [MY-010119] [Server] Aborting
unknown variable | mysql | 3 | database-unreachable | unknown variable 'query_cache_size' | [ERROR] [MY-000067] [Server] unknown variable 'query_cache_size=0'. ++ [Warning] [MY-010952] [Server] The privilege system failed to initialize correctly. For complete instructions on how to upgrade MySQL to a new version please see the 'Upgrading MySQL' section from the MySQL manual. ++ [ERROR] [MY-010119] [Server] Aborting
read only refusal | mysql | 60 | database-read-only | - | [ERROR] [MY-001290] [Server] The MySQL server is running with the --super-read-only option so it cannot execute this statement
xa prepared found | mysql | 1 | prepared-transaction-holding-locks | 3 | [Warning] [MY-010225] [Server] Found 3 prepared XA transactions
xa prepared mariadb | mariadb | 1 | prepared-transaction-holding-locks | - | [Warning] Found 3 prepared XA transactions
audit cannot write | mariadb | 30 | storage-low | - | [ERROR] SERVER_AUDIT: Could not write to file '/rdsdbdata/log/audit/server_audit.log'. Error: 28 (No space left on device)
`);
