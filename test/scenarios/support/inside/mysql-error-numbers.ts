/**
 * Errors that performance_schema counts by number, at a storm's rate; each of them happens now and then anywhere.
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * Each: number; symbol; ids a DBA would give; "!" where it is no ordinary error even now and then; words of which one
 * must be said. MariaDB counts none of them by number.
 */
export const errorTable = `
1004|ER_CANT_CREATE_FILE|storage-low temporary-space-full data-corruption-suspected error-storm||file
1021|ER_DISK_FULL|storage-low temporary-space-full|!|full|storage
1022|ER_DUP_KEY|error-storm||key
1024|ER_ERROR_ON_READ|data-corruption-suspected io-saturated error-storm||read
1026|ER_ERROR_ON_WRITE|storage-low temporary-space-full data-corruption-suspected|!|writ
1030|ER_GET_ERRNO|data-corruption-suspected storage-low temporary-space-full error-storm||storage engine
1034|ER_NOT_KEYFILE|data-corruption-suspected temporary-space-full error-storm||index|key file
1036|ER_OPEN_AS_READONLY|database-read-only error-storm||read.only
1037|ER_OUTOFMEMORY|memory-pressure|!|memory
1038|ER_OUT_OF_SORTMEMORY|memory-pressure error-storm spilling-query instance-limit-reached||sort_buffer_size
1040|ER_CON_COUNT_ERROR|too-many-connections connections-near-limit||max_connections
1041|ER_OUT_OF_RESOURCES|memory-pressure|!|memory
1042|ER_BAD_HOST_ERROR|auth-failures connection-storm error-storm||address|host
1043|ER_HANDSHAKE_ERROR|connection-storm auth-failures error-storm||handshake|before
1044|ER_DBACCESS_DENIED_ERROR|auth-failures error-storm||denied|privilege|may not
1045|ER_ACCESS_DENIED_ERROR|auth-failures||password|sign
1046|ER_NO_DB_ERROR|error-storm||database
1048|ER_BAD_NULL_ERROR|error-storm||NULL
1049|ER_BAD_DB_ERROR|error-storm auth-failures||database
1050|ER_TABLE_EXISTS_ERROR|error-storm||exist|already
1051|ER_BAD_TABLE_ERROR|error-storm||table
1054|ER_BAD_FIELD_ERROR|error-storm||column
1062|ER_DUP_ENTRY|error-storm||duplicate|twice|already
1064|ER_PARSE_ERROR|error-storm||syntax
1094|ER_NO_SUCH_THREAD|error-storm||thread|kill
1104|ER_TOO_BIG_SELECT|error-storm instance-limit-reached missing-index expensive-statement||max_join_size
1105|ER_UNKNOWN_ERROR|error-storm||
1114|ER_RECORD_FILE_FULL|storage-low temporary-space-full instance-limit-reached|!|full
1116|ER_TOO_MANY_TABLES|error-storm||61|join|tables
1117|ER_TOO_MANY_FIELDS|error-storm||column
1118|ER_TOO_BIG_ROWSIZE|error-storm||row
1129|ER_HOST_IS_BLOCKED|auth-failures connection-storm instance-limit-reached database-unreachable error-storm|!|max_connect_errors
1130|ER_HOST_NOT_PRIVILEGED|auth-failures||host|address
1135|ER_CANT_CREATE_THREAD|memory-pressure too-many-connections instance-limit-reached|!|thread
1142|ER_TABLEACCESS_DENIED_ERROR|error-storm auth-failures||privilege|denied|may not
1143|ER_COLUMNACCESS_DENIED_ERROR|error-storm auth-failures||privilege|denied|may not
1146|ER_NO_SUCH_TABLE|error-storm||table
1153|ER_NET_PACKET_TOO_LARGE|error-storm instance-limit-reached||max_allowed_packet
1158|ER_NET_READ_ERROR|connection-storm error-storm||client|network|connection
1159|ER_NET_READ_INTERRUPTED|connection-storm error-storm timeouts-unset instance-limit-reached||net_read_timeout|wait_timeout
1160|ER_NET_ERROR_ON_WRITE|connection-storm error-storm||client|network|connection
1161|ER_NET_WRITE_INTERRUPTED|connection-storm error-storm instance-limit-reached unbounded-result||net_write_timeout
1184|ER_NEW_ABORTING_CONNECTION|connection-storm error-storm||connection
1194|ER_CRASHED_ON_USAGE|data-corruption-suspected|!|repair|crash
1195|ER_CRASHED_ON_REPAIR|data-corruption-suspected|!|repair|crash
1196|ER_WARNING_NOT_COMPLETE_ROLLBACK|error-storm||roll
1197|ER_TRANS_CACHE_FULL|error-storm instance-limit-reached||max_binlog_cache_size
1203|ER_TOO_MANY_USER_CONNECTIONS|connections-near-limit too-many-connections instance-limit-reached|!|max_user_connections
1205|ER_LOCK_WAIT_TIMEOUT|hot-row-contention blocked-by-running-query blocked-by-idle-transaction error-storm||innodb_lock_wait_timeout|lock
1206|ER_LOCK_TABLE_FULL|error-storm instance-limit-reached cache-too-small memory-pressure|!|innodb_buffer_pool_size|buffer pool
1213|ER_LOCK_DEADLOCK|deadlocks error-storm||deadlock
1223|ER_CANT_UPDATE_WITH_READLOCK|explicit-lock-held error-storm||read lock
1226|ER_USER_LIMIT_REACHED|connections-near-limit too-many-connections instance-limit-reached|!|max_user_connections|account
1227|ER_SPECIFIC_ACCESS_DENIED_ERROR|error-storm auth-failures||privilege|denied|may not
1242|ER_SUBQUERY_NO_1_ROW|error-storm||subquery|more than one row
1264|ER_WARN_DATA_OUT_OF_RANGE|error-storm key-exhausted||range
1265|WARN_DATA_TRUNCATED|error-storm||truncat|fit|cut
1267|ER_CANT_AGGREGATE_2COLLATIONS|error-storm||collation
1290|ER_OPTION_PREVENTS_STATEMENT|database-read-only||read.only
1292|ER_TRUNCATED_WRONG_VALUE|error-storm||value
1305|ER_SP_DOES_NOT_EXIST|error-storm||routine|function|procedure
1317|ER_QUERY_INTERRUPTED|error-storm expensive-statement connection-storm||interrupt|cancel|killed
1364|ER_NO_DEFAULT_FOR_FIELD|error-storm||default
1366|ER_TRUNCATED_WRONG_VALUE_FOR_FIELD|error-storm||value|character
1390|ER_PS_MANY_PARAM|error-storm||65,?535|placeholder
1396|ER_CANNOT_USER|error-storm auth-failures||user|account
1406|ER_DATA_TOO_LONG|error-storm||long
1412|ER_TABLE_DEF_CHANGED|error-storm ddl-lock-queue||definition|changed
1418|ER_BINLOG_UNSAFE_ROUTINE|error-storm||log_bin_trust_function_creators
1419|ER_BINLOG_CREATE_ROUTINE_NEED_SUPER|error-storm||log_bin_trust_function_creators
1436|ER_STACK_OVERRUN_NEED_MORE|error-storm instance-limit-reached||thread_stack
1442|ER_CANT_UPDATE_USED_TABLE_IN_SF_OR_TRG|error-storm||trigger
1451|ER_ROW_IS_REFERENCED_2|error-storm||foreign key
1452|ER_NO_REFERENCED_ROW_2|error-storm||foreign key
1456|ER_SP_RECURSION_LIMIT|error-storm instance-limit-reached||max_sp_recursion_depth
1461|ER_MAX_PREPARED_STMT_COUNT_REACHED|instance-limit-reached error-storm||max_prepared_stmt_count
1467|ER_AUTOINC_READ_FAILED|key-exhausted|!|auto.?increment|key
1526|ER_NO_PARTITION_FOR_GIVEN_VALUE|error-storm||partition
1568|ER_CANT_CHANGE_TX_CHARACTERISTICS|error-storm||transaction
1569|ER_DUP_ENTRY_AUTOINCREMENT_CASE|key-exhausted error-storm||auto.?increment
1598|ER_BINLOG_LOGGING_IMPOSSIBLE|error-storm||binary log
1615|ER_NEED_REPREPARE|error-storm latch-contention instance-limit-reached cache-too-small||table_definition_cache
1637|ER_TOO_MANY_CONCURRENT_TRXS|instance-limit-reached history-list-growth error-storm||transactions|undo
1644|ER_SIGNAL_EXCEPTION|error-storm||SIGNAL|raise
1665|ER_BINLOG_STMT_MODE_AND_ROW_ENGINE|error-storm||binlog_format
1690|ER_DATA_OUT_OF_RANGE|error-storm||range
1698|ER_ACCESS_DENIED_NO_PASSWORD_ERROR|auth-failures||password|sign
1701|ER_TRUNCATE_ILLEGAL_FK|error-storm||foreign key
1709|ER_INDEX_COLUMN_TOO_LONG|error-storm||index
1712|ER_INDEX_CORRUPT|data-corruption-suspected|!|corrupt
1785|ER_GTID_UNSAFE_NON_TRANSACTIONAL_TABLE|error-storm||GTID
1792|ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION|error-storm database-read-only||read.only
1799|ER_INNODB_ONLINE_LOG_TOO_BIG|error-storm instance-limit-reached||innodb_online_alter_log_max_size
1812|ER_TABLESPACE_MISSING|data-corruption-suspected|!|tablespace
1814|ER_TABLESPACE_DISCARDED|data-corruption-suspected error-storm||tablespace
1817|ER_INNODB_INDEX_CORRUPT|data-corruption-suspected|!|corrupt
1820|ER_MUST_CHANGE_PASSWORD|auth-failures error-storm||password
1836|ER_READ_ONLY_MODE|database-read-only||read.only
1862|ER_MUST_CHANGE_PASSWORD_LOGIN|auth-failures||password|expired
1878|ER_TEMP_FILE_WRITE_FAILURE|temporary-space-full storage-low|!|temporary
1881|ER_INNODB_FORCED_RECOVERY|database-read-only data-corruption-suspected||innodb_force_recovery
3024|ER_QUERY_TIMEOUT|error-storm expensive-statement missing-index||max_execution_time
3032|ER_SERVER_OFFLINE_MODE|database-unreachable database-read-only error-storm auth-failures||offline
3058|ER_USER_LOCK_DEADLOCK|deadlocks error-storm||GET_LOCK|deadlock
3100|ER_RUN_HOOK_ERROR|error-storm database-read-only||group|plugin
3101|ER_TRANSACTION_ROLLBACK_DURING_COMMIT|error-storm deadlocks||group|conflict
3118|ER_ACCOUNT_HAS_BEEN_LOCKED|auth-failures||locked
3140|ER_INVALID_JSON_TEXT|error-storm||JSON
3159|ER_SECURE_TRANSPORT_REQUIRED|auth-failures||TLS|require_secure_transport|encrypt
3168|ER_SERVER_ISNT_AVAILABLE|database-unreachable error-storm||
3170|ER_CAPACITY_EXCEEDED|error-storm instance-limit-reached missing-index expensive-statement||range_optimizer_max_mem_size
3185|ER_CANNOT_FIND_KEY_IN_KEYRING|error-storm||key
3572|ER_LOCK_NOWAIT|hot-row-contention blocked-by-running-query error-storm||NOWAIT|lock
3636|ER_CTE_MAX_RECURSION_DEPTH|error-storm instance-limit-reached||cte_max_recursion_depth
3675|ER_DISK_FULL_NOWAIT|storage-low temporary-space-full|!|full|storage
3730|ER_FK_CANNOT_DROP_PARENT|error-storm||foreign key
3780|ER_FK_INCOMPATIBLE_COLUMNS|error-storm||foreign key
3819|ER_CHECK_CONSTRAINT_VIOLATED|error-storm||check
3955|ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK|auth-failures||password|locked
4031|ER_CLIENT_INTERACTION_TIMEOUT|connection-leak connection-storm error-storm instance-limit-reached timeouts-unset||wait_timeout
4082|ER_DA_CONN_LIMIT|memory-pressure instance-limit-reached error-storm||connection_memory_limit
`;
