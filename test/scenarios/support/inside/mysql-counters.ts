/**
 * What SHOW GLOBAL STATUS counts, as it stands when it hurts and on an ordinary busy day of 2 vCPUs.
 * https://dev.mysql.com/doc/refman/8.4/en/server-status-variables.html
 * https://mariadb.com/kb/en/server-status-variables/
 * Each: the engines (m MySQL, M MariaDB); what is counted ("/s": a second; else what stands); the same on an ordinary
 * day; settings meanwhile; the ids a DBA would give it; words of which one must be said.
 */
export const counterTable = `
mM|Aborted_connects=15/s|Aborted_connects=0.05/s||auth-failures connection-storm error-storm|refused|sign in
mM|Aborted_connects=15/s Aborted_connects_preauth=15/s|Aborted_connects=0.05/s||connection-storm auth-failures error-storm|before
mM|Aborted_clients=12/s|Aborted_clients=0.2/s||connection-storm connection-leak error-storm|goodbye|broke|cut
mM|Connection_errors_max_connections=25/s Threads_connected=500 Max_used_connections=501|Connection_errors_max_connections=0/s Threads_connected=60|max_connections=500|too-many-connections connections-near-limit connection-storm|connection
mM|Connection_errors_internal=8/s|Connection_errors_internal=0/s||memory-pressure instance-limit-reached connection-storm too-many-connections|thread|memory
mM|Connection_errors_peer_address=8/s|Connection_errors_peer_address=0.01/s||connection-storm auth-failures error-storm|address
mM|Threads_connected=470|Threads_connected=60|max_connections=500|connections-near-limit too-many-connections connection-leak|max_connections
mM|Max_used_connections=500 Threads_connected=60|Max_used_connections=300|max_connections=500|connections-near-limit too-many-connections|max_connections
mM|Connections=250/s Threads_created=245/s|Connections=2/s Threads_created=0.1/s|thread_cache_size=0|connection-storm|connect
mM|Connections=250/s Threads_created=0.5/s|Connections=9/s Threads_created=0.1/s|thread_cache_size=64|connection-storm|connect
mM|Threads_running=90|Threads_running=3||cpu-saturated latch-contention expensive-statement instance-undersized|running|at a time|CPU
mM|Slow_launch_threads=4/s|Slow_launch_threads=0/s||connection-storm memory-pressure cpu-saturated|thread
m|Locked_connects=9/s|Locked_connects=0/s||auth-failures|locked
M|Access_denied_errors=14/s|Access_denied_errors=0.05/s||auth-failures error-storm|denied|sign in|password
m|Connection_control_delay_generated=10/s|Connection_control_delay_generated=0/s||auth-failures|password|sign in
mM|Ssl_accepts=30/s Ssl_finished_accepts=1/s|Ssl_accepts=2/s Ssl_finished_accepts=2/s||auth-failures connection-storm certificate-expiring error-storm|TLS|SSL|certificate
m|Max_execution_time_exceeded=8/s|Max_execution_time_exceeded=0.02/s|max_execution_time=2000|expensive-statement error-storm missing-index|max_execution_time
M|Max_statement_time_exceeded=8/s|Max_statement_time_exceeded=0.02/s|max_statement_time=2|expensive-statement error-storm missing-index|max_statement_time
mM|Prepared_stmt_count=16382|Prepared_stmt_count=1200|max_prepared_stmt_count=16382|instance-limit-reached error-storm|max_prepared_stmt_count
mM|Com_stmt_reprepare=150/s|Com_stmt_reprepare=0.1/s|table_definition_cache=400|latch-contention instance-limit-reached cache-too-small error-storm|table_definition_cache
mM|Open_files=4990|Open_files=900|open_files_limit=5000|instance-limit-reached|open_files_limit
mM|Innodb_num_open_files=4000|Innodb_num_open_files=300|innodb_open_files=4000|instance-limit-reached latch-contention cache-too-small|innodb_open_files
mM|Open_tables=2000 Opened_tables=350/s Table_open_cache_misses=350/s Table_open_cache_overflows=350/s|Open_tables=900 Opened_tables=0.5/s Table_open_cache_misses=1/s Table_open_cache_overflows=0/s|table_open_cache=2000|latch-contention instance-limit-reached cache-too-small|table_open_cache
mM|Open_table_definitions=400 Opened_table_definitions=200/s|Open_table_definitions=250 Opened_table_definitions=0.1/s|table_definition_cache=400|latch-contention instance-limit-reached cache-too-small|table_definition_cache
mM|Table_locks_waited=60/s|Table_locks_waited=0/s||latch-contention hot-row-contention explicit-lock-held ddl-lock-queue blocked-by-running-query|table
mM|Created_tmp_tables=100/s Created_tmp_disk_tables=80/s|Created_tmp_tables=40/s Created_tmp_disk_tables=1/s|tmp_table_size=16777216|spilling-query|tmp_table_size|temporary
mM|Created_tmp_files=40/s|Created_tmp_files=0.2/s||spilling-query|temporary
mM|Sort_merge_passes=120/s|Sort_merge_passes=0.3/s|sort_buffer_size=262144|spilling-query|sort
m|TempTable_count_hit_max_ram=40/s|TempTable_count_hit_max_ram=0/s|temptable_max_ram=1073741824|spilling-query|temptable_max_ram
mM|Binlog_cache_disk_use=60/s|Binlog_cache_disk_use=0.1/s|binlog_cache_size=32768|spilling-query commit-stall io-saturated|binlog_cache_size
mM|Binlog_stmt_cache_disk_use=60/s|Binlog_stmt_cache_disk_use=0/s|binlog_stmt_cache_size=32768|spilling-query commit-stall io-saturated|binlog_stmt_cache_size
mM|Handler_read_rnd_next=4000000/s Select_scan=60/s|Handler_read_rnd_next=20000/s Select_scan=10/s||missing-index expensive-statement cpu-saturated|read|index
mM|Select_full_join=60/s Handler_read_rnd_next=3000000/s|Select_full_join=0.2/s Handler_read_rnd_next=20000/s||missing-index expensive-statement|index
mM|Select_range_check=40/s Handler_read_rnd_next=2000000/s|Select_range_check=0/s||missing-index expensive-statement|index
mM|Handler_read_key=6000000/s|Handler_read_key=60000/s||expensive-statement n-plus-one cpu-saturated missing-index|rows|reads
mM|Handler_read_next=9000000/s|Handler_read_next=90000/s||expensive-statement missing-index cpu-saturated|rows|reads
mM|Sort_rows=3000000/s Sort_scan=40/s|Sort_rows=9000/s||expensive-statement missing-index spilling-query|sort
mM|Slow_queries=60/s|Slow_queries=0.02/s|long_query_time=1|expensive-statement missing-index long-running-query|slow|longer than
mM|Handler_rollback=400/s Handler_commit=40/s|Handler_rollback=1/s Handler_commit=200/s||error-storm|roll
mM|Com_rollback=400/s Handler_commit=40/s|Com_rollback=1/s||error-storm|roll
m|Com_kill=20/s|Com_kill=0/s||error-storm connection-storm|kill
mM|Innodb_log_waits=60/s|Innodb_log_waits=0/s|innodb_log_buffer_size=1048576|write-stall commit-stall|innodb_log_buffer_size
mM|Innodb_buffer_pool_wait_free=80/s|Innodb_buffer_pool_wait_free=0/s||write-stall io-saturated cache-too-small|free page|dirty|innodb_io_capacity|buffer pool
mM|Innodb_buffer_pool_reads=6000/s Innodb_buffer_pool_read_requests=24000/s|Innodb_buffer_pool_reads=40/s Innodb_buffer_pool_read_requests=60000/s|innodb_buffer_pool_size=134217728|cache-too-small io-saturated|buffer pool|cache
mM|Innodb_buffer_pool_pages_dirty=94%|Innodb_buffer_pool_pages_dirty=35%||write-stall io-saturated|dirty|flush
mM|Innodb_row_lock_waits=120/s Innodb_row_lock_time=40000/s Innodb_row_lock_current_waits=40 Threads_running=43|Innodb_row_lock_waits=2/s Innodb_row_lock_time=8/s Innodb_row_lock_current_waits=0||hot-row-contention blocked-by-running-query blocked-by-idle-transaction|row
mM|Innodb_row_lock_current_waits=35 Threads_running=38|Innodb_row_lock_current_waits=35 Threads_running=3||hot-row-contention blocked-by-running-query blocked-by-idle-transaction|row
mM|Innodb_history_list_length=6000000|Innodb_history_list_length=3000||history-list-growth|purge|undo|history
mM|Innodb_deadlocks=6/s|Innodb_deadlocks=0.01/s||deadlocks|deadlock
mM|Innodb_data_pending_fsyncs=30 Innodb_os_log_pending_fsyncs=2|Innodb_data_pending_fsyncs=0||commit-stall io-saturated write-stall|flush|storage|disk
mM|Innodb_redo_age=97%|Innodb_redo_age=55%|innodb_redo_log_capacity=104857600|write-stall|innodb_redo_log_capacity|innodb_log_file_size
mM|Innodb_os_log_written=180000000/s|Innodb_os_log_written=2000000/s||io-saturated log-or-binlog-fills-storage write-stall commit-stall|log
mM|Innodb_data_reads=7000/s|Innodb_data_reads=80/s||io-saturated cache-too-small|storage|disk|read
M|Innodb_available_undo_logs=0|Innodb_available_undo_logs=128||instance-limit-reached history-list-growth error-storm|undo|rollback segment
mM|Innodb_buffer_pool_load_status=loading Innodb_buffer_pool_reads=6000/s|Innodb_buffer_pool_load_status=done||cold-cache|restart|warm|cold
mM|Uptime=90|Uptime=864000||restart-or-crash|start
mM|Key_reads=3500/s Key_read_requests=7000/s|Key_reads=1/s Key_read_requests=900/s|key_buffer_size=8388608|cache-too-small io-saturated|key_buffer_size|MyISAM
M|Aria_pagecache_reads=4000/s Aria_pagecache_read_requests=8000/s|Aria_pagecache_reads=1/s|aria_pagecache_buffer_size=8388608|cache-too-small spilling-query|aria_pagecache_buffer_size
M|Qcache_lowmem_prunes=900/s|Qcache_lowmem_prunes=0/s|query_cache_size=67108864|latch-contention cache-too-small|query cache|query_cache
M|Threadpool_threads=128 Threadpool_idle_threads=0 Threads_running=128|Threadpool_threads=12 Threadpool_idle_threads=9|thread_handling=pool-of-threads thread_pool_max_threads=128|instance-limit-reached connections-near-limit latch-contention|thread_pool
m|Rpl_semi_sync_source_status=OFF|Rpl_semi_sync_source_status=ON|rpl_semi_sync_source_enabled=ON|replication-lag replication-stopped commit-stall|semi-sync|semisync
M|Rpl_semi_sync_master_status=OFF|Rpl_semi_sync_master_status=ON|rpl_semi_sync_master_enabled=ON|replication-lag replication-stopped commit-stall|semi-sync|semisync
mM|Rpl_semi_sync_wait_sessions=40|Rpl_semi_sync_wait_sessions=1|rpl_semi_sync_timeout=10000|commit-stall|replica|acknowledge
mM|Slave_retried_transactions=6/s|Slave_retried_transactions=0/s||replication-lag deadlocks|replica|again
M|Slave_skipped_errors=5/s|Slave_skipped_errors=0/s|slave_skip_errors=1062|data-corruption-suspected replication-stopped replication-lag|slave_skip_errors|skip
M|Binlog_group_commit_trigger_timeout=90/s|Binlog_group_commit_trigger_timeout=0/s|binlog_commit_wait_usec=200000|commit-stall|binlog_commit_wait
m|Binlog_sync_delay=1|Binlog_sync_delay=0|binlog_group_commit_sync_delay=500000|commit-stall|binlog_group_commit_sync_delay
M|Binlog_bytes_written=60000000/s|Binlog_bytes_written=600000/s||log-or-binlog-fills-storage io-saturated|binary log|binlog
m|Performance_schema_digest_lost=90/s|Performance_schema_digest_lost=0/s|performance_schema_digests_size=10000|statement-stats-saturated|digest
m|Global_connection_memory=4200000000|Global_connection_memory=90000000|global_connection_memory_limit=4294967296|memory-pressure|memory
M|Memory_used=15500000000|Memory_used=900000000||memory-pressure|memory
m|Ssl_server_not_after=4 days|Ssl_server_not_after=300 days||certificate-expiring|certificate
m|Mysqlx_connection_errors=12/s|Mysqlx_connection_errors=0/s||connection-storm auth-failures error-storm|X protocol|mysqlx|connect
mM|Flush_commands=5/s|Flush_commands=0/s||explicit-lock-held ddl-lock-queue latch-contention|FLUSH
`;
