/**
 * Words of the servers' own messages. What a log holds of an application (values, texts of RAISE and SIGNAL, rows,
 * statements in any language) is made of other words; one of these is no value that anybody could use.
 * https://github.com/postgres/postgres/blob/master/src/backend/po/fr.po (the messages of PostgreSQL)
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
export const logWords: ReadonlySet<string> = new Set(
  `a aborted aborting aborts about accept accepted accepting access accessexclusivelock accesssharelock acquire active
  actual address administrator advisory after again aggregate alert all allow allowed allows already also ambiguous an analyze
  and another any anymore apart appear appears apply archive archived are argument arguments array as asc assert
  assertion assigned async at attempt attempted attempts auth authenticate authenticated authentication authorized
  autocommit automatic autovacuum available average background backup bad base be because become been before began begin
  being below between bigint binary bind binlog bit block blocked blocks body boolean both boundary broken buffer buffers
  bug but by byte bytea bytes ca cache cached calculated call called can cancel canceled canceling cancelling cancelled cannot can't
  cast catalog caused certificate change changed changes channel character characters check checking checkpoint checkpointer
  checkpoints checksum checksums child chunk cipher clean cleaned cleaner client close closed closing cluster code collation
  column columns command commands commit committed communication complete completed conf conflict conflicting conflicts
  connect connected connecting connection connections consider consistent constraint contain contains content context
  control conversion convert copy corrupt corrupted corruption could couldn't crash crashed create created creating
  creation cron cross current currently cursor damaged data database databases date datetime day deadlock deadlocks deallocate
  decimal decompress default deferrable deferred definition delay delayed delete deleted delete_rows denied depth desc
  destination detailed detected device did directory dirty disabled disallowed disconnect disconnected disconnecting
  disconnection disk dispatch distance distinct divided division do does doesn't domain done double down drop dropped due
  dump dumping duplicate duration during duty each early edge element empty enable enabled encoding encountered encryption
  end ended ending end_log_pos engine enough entries entry enum eof errcode errno error error_code errors estimate event
  events exceed exceeded exceeds exception exclusive exclusivelock execute executed executing execution exist existing
  exists exit exited exiting expect expected expired explicit exporting expression extend extension external failed
  failing failover failure fatal fault fetch field fields file files final find finish finished finishing first flag
  flagged flags float flush flushed flushing for force forced foreign format found frequently from full function further
  future generated get given global got grace grant granted group gtid had handle handler handshake has hash have having held help
  high hint hold holds host hot hung id identifier identity idle if ignored ignoring illegal immediate implicit in inactive include
  includes incomplete inconsistent incorrect increase index indexes information initialization initialize initialized
  initializing inner innodb innodb_fatal_semaphore_wait_threshold input insert inserted inserting inside install instance instead instruction insufficient int
  integer intentionally internal interrupt interrupted interval into invalid invalidated io is isn't isolation issue it
  its job join json jsonb key keys kill killed kind known large last lasted later latest launcher least left len length less level
  lib library like limit line list listen listening load loaded local location lock locked locking locks lock_mode log
  logged logical login longer longest lookup loop loops lost low lsn made maintenance malformed malloc manual many mariadb
  mariadbd mark marked master match matching max max_connections maximum may mean memory message messages metadata method
  minimum minute minutes mismatch missing mode modified modify module more most moved ms multiple must mutex my mysql
  mysqld name named names native near needed needs negative nested net network never new newer next nextval no node non none normally not
  note notice now null number numeric object objects obtain occurring of off offset old older on one online only open
  opened opening operating operation operator option or order other others out outer outside over overflow own owned
  owner packet packets page pages pam parallel parameter parameters parent parse parsed parser partial partition
  partitions password peer pending per performed performing permission permissions permitted physical pid pin pinned plan
  planner point policy pool port portal position possible postmaster precision prepare prepared present prevent previous
  primary prior privilege privileges procedure process processes processing program progress prompt properly properties
  protocol publication publisher purge queries query query_id quickly quoted range read reading ready reached real reason reboot receive
  received receiver receiving reclaim recommended reconnecting record records recover recovered recovery recursive recycled redo
  reduce referenced references refused register regular reinitializing reject rejected rejects relation relations relay
  relfrozenxid reload reloading remain remaining remains remote removed removing rename renamed reopen repair repeatable
  replace replica replicas replication replica_io reply repl report reported request requested requests require required
  requires reserved reset resides resource resources response restart restarted restarting restartpoint restore restored
  restrict result resume retried retry retrying return returned returning returns reused revoked right role roles roll rollback rolled
  rolling rollforward root row rowexclusivelock rows rowsharelock run runaway running savepoint scan scans schema scram
  search second seconds section segment segments segmentation select semaphore send sender sending sent sequence sequences serial
  serializable serialize server session sessions set setting settings several shared sharelock sharerowexclusivelock
  shareupdateexclusivelock shut shutdown shutting sigabrt sigbus sigkill sigsegv signal simultaneous single size skip
  skipped skipping slave slot slots slow small smallint snapshot so socket sort source space specified sql ssl sslv3 stack
  standby start started starting startup state statement statements statistics status still stop stopped stopping storage
  stored stream streaming string structure subquery subscription subsequent subtransaction success successful successfully
  such superuser supplied support supported switched switchover sync synchronized synchronous syntax system systems table
  tables tablespace take taken target temporary terminate terminated terminating termination text than that the them then
  there they this thread threads time timed timeline timeout timestamp timestamptz times tls tlsv1 to toast token too total
  track transaction transactions trap trigger trigger_name tried trigger_depth truncate truncated try trying tuple tuples
  two type types unable undefined undo unexpected unexpectedly unfinished union unique unit unknown unlock unnamed unsafe
  unsupported unterminated until unused up update updated update_rows updating upgrade usage use used user users using utc utf uuid vacuum
  vacuuming valid validate validation value values varchar varying verification version vectors view violates violating
  violation virtual volume wait waited waiting waits wakeup wal walreceiver walsender warning was we when where which while
  whole will with within without work worker workers would wraparound write writer write_rows writing written wrong wrote
  xid xlog xmin xmax xid_age year yes you your zero zone
  added archiver attribute dblink backend backends btree bsd clients client's gssapi ident ldap radius sspi concurrent concurrently db deprecated distribution fdatasync fsync ip long
  max_locks_per_transaction might path plugin resolved roles s service should sorry slotsync slotsyncworker oldest acquired cutoff freezing multixacts multixact far past bypassing nonessential fork resize archiving ahead obsolete invalidating sasl syncer syslogger vacuumed walsummarizer summarizer wanted were
  account age allocate auto blob capacity coordinator datafile dd deep dict_sys difficult free graph greater heaps i ibd increasing
  increment innodb_log_file_size innodb_open_files innodb_redo_log_capacity innodb_temporary insecure lagging latch log_checkpointer
  max_allowed_packet max_prepared_stmt_count purged source's means nobody o occupied overrun page_cleaner percent prohibited ran require_secure_transport scheduler semi
  server_audit stay super took transport variable xa additional threadpool thread_pool_max_threads situation operations trx inactivity`.split(
    /\s+/,
  ),
);

/** What stands in quotes behind one of these is a name. */
export const namingWords: ReadonlySet<string> = new Set(
  `account aggregate channel column constraint cursor database directory domain enum extension field file function host index
  key language operator parameter partition path plugin policy portal procedure publication relation role rule schema sequence
  server slot source statement subscription table tablespace trigger type user variable view worker`.split(
    /\s+/,
  ),
);

/** A number beside one of these is the server's. */
export const countedBefore: ReadonlySet<string> = new Set(
  `block blocks duration end_log_pos errcode errno error_code len lsn offset only page_number pid port position process
  segment signal size space thread time total transaction version xmin`.split(/\s+/),
);
export const unitsBehind: ReadonlySet<string> = new Set(
  "buffers bytes gb kb mb minutes ms percent prepared s second seconds".split(" "),
);
