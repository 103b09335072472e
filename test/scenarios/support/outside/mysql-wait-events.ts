/**
 * Instruments of performance_schema, as Performance Insights names them; Aurora leaves "wait/" out.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.Waitevents.html
 * Each: the name, the engines (m MySQL, M MariaDB, a Aurora), the machine and the statements meanwhile (see
 * wait-worlds.ts), and the roots that may be told.
 */
export const waitEvents = `
wait/io/file/innodb/innodb_data_file|mM|r|r|expensive-statement io-saturated
io/file/innodb/innodb_data_file|a|r|r|expensive-statement io-saturated
wait/io/file/innodb/innodb_log_file|mM|w|w|commit-stall
wait/io/file/innodb/innodb_dblwr_file|m|t|w|io-saturated
wait/io/file/innodb/innodb_parallel_dblwr_file|m|t|w|io-saturated
wait/io/file/innodb/innodb_temp_file|mM|t|r|spilling-query
wait/io/file/innodb/innodb_arch_file|m|w|w|io-saturated
wait/io/file/innodb/innodb_clone_file|m|w|w|io-saturated
wait/io/file/sql/binlog|mM|w|w|commit-stall
io/file/sql/binlog|a|w|w|commit-stall
wait/io/file/sql/binlog_cache|mM|w|w|commit-stall
wait/io/file/sql/binlog_index|mM|w|w|commit-stall
wait/io/file/sql/relaylog|mM|w|w|io-saturated
wait/io/file/sql/io_cache|mM|t|r|spilling-query
wait/io/file/sql/hash_join|m|t|r|spilling-query
wait/io/file/temptable/physical_disk|m|t|r|spilling-query
wait/io/file/sql/map|M|t|r|spilling-query
wait/io/file/aria/MAD|M|t|r|spilling-query
wait/io/file/aria/MAI|M|t|r|spilling-query
wait/io/file/myisam/dfile|mM|r|r|io-saturated
wait/io/file/myisam/kfile|mM|r|r|io-saturated
wait/io/file/sql/load|mM|t|w|io-saturated
wait/io/file/innodb/innodb_sort_file|m|t|w|io-saturated
wait/io/table/sql/handler|mM|w|w|hot-row-contention
wait/io/table/sql/handler|mM|c|r|expensive-statement cpu-saturated
wait/io/table/sql/handler|mM|r|r|expensive-statement io-saturated
io/table/sql/handler|a|c|r|expensive-statement cpu-saturated
io/table/sql/handler|a|r|x|expensive-statement io-saturated
wait/io/redo_log_flush|a|w|w|commit-stall
io/redo_log_flush|a|w|w|commit-stall
io/aurora_redo_log_flush|a|w|w|commit-stall
io/aurora_respond_to_client|a|w|r|unbounded-result
io/socket/sql/client_connection|a|w|n|connection-storm
wait/io/socket/sql/client_connection|mM|w|r|connection-storm
wait/io/socket/sql/server_tcpip_socket|m|w|n|standby
wait/io/lock/table/sql/handler|m|w|x|ddl-lock-queue
wait/lock/table/sql/handler|mM|w|x|ddl-lock-queue
lock/table/sql/handler|a|w|x|ddl-lock-queue
wait/lock/metadata/sql/mdl|mM|w|x|ddl-lock-queue
synch/cond/sql/MDL_context::COND_wait_status|a|w|x|ddl-lock-queue
wait/synch/cond/sql/MDL_context::COND_wait_status|mM|w|x|ddl-lock-queue
synch/cond/mysys/my_thread_var::suspend|a|w|x|ddl-lock-queue
wait/synch/cond/mysys/my_thread_var::suspend|mM|w|x|ddl-lock-queue
synch/cond/innodb/row_lock_wait|a|w|w|hot-row-contention
synch/cond/innodb/row_lock_wait_cond|a|w|w|hot-row-contention
synch/mutex/innodb/aurora_lock_thread_slot_futex|a|w|w|hot-row-contention
wait/synch/mutex/innodb/aurora_lock_thread_slot_futex|a|w|w|hot-row-contention
wait/synch/cond/sql/MYSQL_BIN_LOG::COND_done|mM|w|w|commit-stall
synch/cond/sql/MYSQL_BIN_LOG::COND_done|a|w|w|commit-stall
synch/cond/sql/MYSQL_BIN_LOG::COND_flush_queue|a|w|w|commit-stall
wait/synch/cond/sql/MYSQL_BIN_LOG::update_cond|m|w|n|standby
wait/synch/cond/sql/MYSQL_BIN_LOG::prep_xids_cond|m|w|w|commit-stall
wait/synch/cond/sql/MYSQL_RELAY_LOG::update_cond|mM|w|n|standby
wait/synch/cond/sql/Worker_info::jobs_cond|m|w|n|standby
wait/synch/cond/sql/Relay_log_info::slave_worker_hash_cond|m|w|n|standby
wait/synch/cond/sql/Commit_order_manager::m_workers.cond|m|w|n|standby
wait/synch/cond/sql/Item_func_sleep::cond|mM|w|r|standby
wait/synch/cond/sql/COND_queue_state|mM|w|n|standby
wait/synch/cond/sql/COND_thread_cache|mM|w|n|standby
wait/synch/cond/sql/COND_compress_gtid_table|m|w|n|standby
wait/synch/cond/mysqlx/scheduler_dynamic_worker_pending|m|w|n|standby
wait/synch/cond/threadpool/worker_cond|M|w|n|standby
wait/synch/cond/semisync/COND_binlog_send_|m|w|w|commit-stall
wait/synch/cond/semisync/Ack_receiver::cond|m|w|n|standby
wait/synch/cond/sql/Ack_receiver::cond|M|w|n|standby
wait/synch/cond/sql/COND_binlog_send|M|w|w|commit-stall
wait/synch/cond/sql/wait_for_commit::COND_wait_commit|M|w|n|standby
wait/synch/cond/sql/THD::COND_wakeup_ready|M|w|w|commit-stall
wait/synch/cond/sql/COND_group_commit_orderer|M|w|n|standby
wait/synch/cond/sql/COND_parallel_entry|M|w|n|standby
wait/synch/cond/sql/COND_rpl_thread|M|w|n|standby
wait/synch/cond/sql/COND_rpl_thread_queue|M|w|n|standby
wait/synch/cond/sql/MYSQL_BIN_LOG::COND_queue_busy|M|w|w|commit-stall
wait/synch/cond/sql/MYSQL_BIN_LOG::COND_xid_list|M|w|w|commit-stall
wait/synch/cond/sql/MYSQL_BIN_LOG::COND_bin_log_updated|M|w|n|standby
wait/synch/cond/sql/Delayed_insert::cond|M|w|n|standby
wait/synch/cond/innodb/commit_cond|M|w|w|commit-stall
wait/synch/mutex/sql/MYSQL_BIN_LOG::LOCK_log|mM|w|w|commit-stall
synch/mutex/sql/MYSQL_BIN_LOG::LOCK_log|a|w|w|commit-stall
wait/synch/mutex/sql/MYSQL_BIN_LOG::LOCK_commit|m|w|w|commit-stall
wait/synch/mutex/sql/MYSQL_BIN_LOG::LOCK_sync|m|w|w|commit-stall
wait/synch/mutex/sql/MYSQL_BIN_LOG::LOCK_index|mM|w|w|commit-stall
wait/synch/mutex/sql/MYSQL_BIN_LOG::LOCK_xids|m|w|w|commit-stall
synch/mutex/sql/MYSQL_BIN_LOG::LOCK_io_cache|a|w|w|commit-stall
wait/synch/mutex/sql/LOCK_commit_ordered|M|w|w|commit-stall
wait/synch/mutex/sql/LOCK_prepare_ordered|M|w|w|commit-stall
wait/synch/mutex/sql/LOCK_after_binlog_sync|M|w|w|commit-stall
wait/synch/mutex/semisync/LOCK_binlog_|m|w|w|commit-stall
wait/synch/mutex/sql/LOCK_binlog|M|w|w|commit-stall
CPU|mMa|c|x|expensive-statement cpu-saturated
cpu|a|c|x|expensive-statement cpu-saturated
`;
