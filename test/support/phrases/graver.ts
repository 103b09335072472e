import type { SourceMessage } from "./postgres-source.ts";

/** What tells of the server's state, whoever met it; a slip in a statement is told by its own words. */
const graveCodes = new Set(
  `PROGRAM_LIMIT_EXCEEDED OUT_OF_MEMORY DATA_CORRUPTED INDEX_CORRUPTED OBJECT_NOT_IN_PREREQUISITE_STATE OBJECT_IN_USE
  T_R_SERIALIZATION_FAILURE T_R_DEADLOCK_DETECTED CONNECTION_FAILURE PROTOCOL_VIOLATION INSUFFICIENT_RESOURCES
  TOO_MANY_CONNECTIONS CONFIG_FILE_ERROR DISK_FULL LOCK_NOT_AVAILABLE QUERY_CANCELED ADMIN_SHUTDOWN CRASH_SHUTDOWN
  CANNOT_CONNECT_NOW IO_ERROR READ_ONLY_SQL_TRANSACTION IDLE_IN_TRANSACTION_SESSION_TIMEOUT IDLE_SESSION_TIMEOUT
  TRANSACTION_TIMEOUT CONFIGURATION_LIMIT_EXCEEDED STATEMENT_TOO_COMPLEX OPERATOR_INTERVENTION
  SEQUENCE_GENERATOR_LIMIT_EXCEEDED file`.split(/\s+/),
);
const ofServer =
  /^(?:access|storage|replication|postmaster|utils\/(?:activity|mmgr|time)|commands\/(?:vacuum|async))/;
const ofStatements = /^(?:snowball|parser|regex|bootstrap|jit|optimizer|utils\/adt|tsearch|nodes|rewrite)/;

export function isGrave({ level, code, part, file, text }: SourceMessage): boolean {
  if (/^(?:DEBUG|INFO|NOTICE)/.test(level) || ofStatements.test(file) || !isOfRds(text)) return false;
  if (part === "elog" && level !== "PANIC") return false;
  if (level !== "ERROR" || (code !== null && graveCodes.has(code))) return true;
  return code === null && ofServer.test(file);
}

/** Of parts that RDS does not have or does not let anybody see, or that are said to whoever writes programs. */
const elsewhere = new RegExp(
  `group replication|group_|joiner|certif(?:ier|ication)|paxos|consensus|GCS|XCom|view_change|donor|clone|NDB|Injector|wsrep|SST\\b|TOI\\b
  |keyring|okv|kmip|firewall|audit|component|masking|telemetry|webauthn|fido|openid|oauth|LDAP|Kerberos|SASL|SSPI|GSS|RADIUS|PAM\\b
  |mysqlx|X[ -]Plugin|X Protocol|UDF|memcached|dragnet|rewriter|query rewrite|mecab|rocksdb|myrocks|spider|tokudb|daemon|libcurl|curl_
  |SRID|geometr|spatial|JSON|XML|charset|character.set|histogram|locale|time.?zone|leap second|fts|fulltext
  |bootstrap|initdb|initialize-|upgrad|downgrad|install|--|option file|configuration file|parse|debug|assert|valgrind
  |windows|service control|systemd|pid file|unix.socket|unix.domain|named pipe|semaphores|shmget|shmat|semget|kernel|NUMA|setsockopt|dsa|cpu
  |bulk|duality|option tracker|mysqlbackup|mysqlimp|SYSVAR|zstd_|OCI|FIPS|MyISAMCHK|archive_library|single-user|backup_label|manifest|summar
  |header file|resowner|leaked|invocation|callback|hook|observer|vector|tape|libxml|SPI|plancache|catcache|_shares|okv|sdi\\b|DLL|regress
  |admin interface|proxy|syslog|log_filter|attrdef|fileset|iddp|password_|alloc(?:at)?e?(?:file|dir)|vfd|proclock|bio\\b|mktime|gist|brin|sp-gist|tsearch|dictfile|deprecat|import|plugin|dictionary|user variable|query attribute|routine|certificate|PFS|performance.schema|mysqldump|malloc|mutex|password|cipher|trace|timer|repositor|log sink|shutdown hand|mysql_native|pargv|mta_|lower_case|temp_|tmp.?dir|thread.pool|resource.group|dblwr|key_?file|symlink|DB_|dbug|binlog_transaction|\\bdd\\b|ibd2sdi|ut_|offline|column family|aes|rsa|hash_seq|\\btrd|pivot|fil_|buf_|srv_|jemalloc|federated|kvsep|encryption key|key_id|threadpool|slab|chunk|builder|vio|libaio|io_uring|row annot|my_thread|ib_|page compression|compression lib|innodb_log_|sysvar`.replaceAll(
    /\s*\n\s*/g,
    "",
  ),
  "i",
);

export function isOfRds(text: string): boolean {
  return !elsewhere.test(text);
}
