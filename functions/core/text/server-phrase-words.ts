/** What the servers say beside their own numbers, and what settings and the like are named. Made by test/support/phrases/generate.ts. */
export const beforeNumbers = `access add added after allocate allows and approximately archived are assigned at attempt authentication available
  base be because before between beyond blcksz block buffers building but by calculated capacity characters checked
  checkpoint checksum child cleared closed code column complete conflicts connection consumed containing contains count
  create created currently cutoff database db deleted deleting descriptor detected dimensions disconnecting distance
  dump elapsed elements ending errno error estimate estimated exactly exceed exceeding exceeds excl exhausted expected
  extension extensions field files first flight for fork found freezing frequently from full giving got group had has
  haswaiters id ignoring in index indexes initialize innodb interval io is iteration joined key last lasted leafblkno
  least left length level limit line loaded loblksize log long lower lsn magic max maxalign maxallocateddescs maximum
  maxlisten memory message multixact my myprocnumber mysql mysqld namedatalen needed no node number occupied of offset
  offsets oid only opened other over page part partition pending per pid pointer port pos position positions
  preallocating prepared preprocessing priority process produced purge queue read recover removable remove removed
  requires res resurrected retried rmid row rows rw rwx sample scanblkno scanned scope serializing session setval sha
  shard shared shows shutdown sibling signal size skip slave slot socket some space specified starting state
  subscription subtransactions supplies suppressed sync tablespace target than thd thread timeline to total transaction
  truncated type upper use used using value version wait waited waiters was which with within wrote xid xmax xmin year
  zeroing`;

export const behindNumbers = `absolute acquired active actual adjusting after already and another are argument arguments array as at ata available
  avoided because before billion binlog blocks buffer buffers but by bytes calculated characters checksum client code
  column columns commits complete completed connection connections consecutive contains contractions could counting
  current data database default defined delimiter detected did differ does during eagerly encoding encountered entries
  errno error estimated even event events exceeded exceeds existing exited expected failed field fields file filter
  finished flags flush flushes for foreign forked format found from full gb gtid hanging has haswaiters held however id
  idle if in index indexes infomask instead into invalid io is it iteration iterations kb keys length less lim links
  live log long longest low master max maximum mb member members message mib millisecond milliseconds minimal minute
  more ms mtl must mysqld name near needs new nodes non nonremovable not now number obtained occurred of off offset oid
  old older on open opening operating or other out page pages parameter parameters parts pending per please plus
  prepared queries read reading received recovered recovery recycled redo relay remaining removable removed repl request
  res result retried retries retry retrying rok row rows running runs sec second seconds secs select semi seqno server
  shared should since size skipping slru so source space special spuriously status still stopping storage subscription
  subscriptions system table tables tablespace tablespaces thds the thread threads time times to too total transaction
  transactions tuple tuples turning unable undo unexpectedly upper used user using valid validating value via waited
  waiters wal warning was we were when which while whose will with without worker writing wrote`;

export const beforeLastNumbers = `acquired tables|after committing order record waiting|allowed maximum|are values|at contrecord corrupted created
  done is log point primary reached record starts streaming timeline truncated tuple wal|be should to|between value
 |blcksz with|block at target|blocks among read reading write|capacity group|code cache error exit op status
 |collation unknown|connection client|corrupted is|cost estimated|count flush|cutoff removable xid|entry
  allocating in|errno connection connections error failure file gid ip memory os requests scheduler table thread with
 |error datafile encrypted file flag got indexblock indexfile last logging opened reported tempfile temporary thread
  threads unknown with|event request|exceeds name|exception by|expected but message|failed port|fixed became
 |flags invalid tablespace|for buffer|found but|from different wal|got but|gtid from its|has file table|have
  must|header file|high too|id thread timeline transaction user with|inconsistent become|index for system|is len
  lsn minimum size timeline value|least at|len packet|length corrupted|level warning|line of|loblksize with
 |location redo|log binary of|long too|lsn at checkpoint commit created end has kb lag location page prepare recover
  redo skip slot's start to wrong|mapping file|mask info|max sharedinvalbackendinit|maxalign with|maximum hash
 |merged just|my area instead query|mysql before|namedatalen with|no page|number error page sequence tablespace
  thread|occupied workers|of instead limit|offset at header to|oid with|page checkpoint on target|pages split
 |parameter types|part into|pid by for of with|point recovery redo start starting|pointer line|pools of|port ip
  on|position at current flush until|process as for to|progress mb|protocol frontend|read for pages to|record in
  next wal|relation for|relaylog from|relfrozenxid before|relminmxid before|reopen open|request wal write
 |requested wal|requires function|returns getlasterror|row at|scan end for index|scanner order|scans index
 |server from this to|session on|shutdown fast|signal by|size array big event field ins maximum of page request
  result|slot in into|slots total|space available|stage pool|startup at|state header in shutdown|stats
  directory's|status commit unrecognized|subtype message|supports server|table cluster log|tablespace for missing
 |than greater higher larger less more|then later|thread dump for from killing|throttle lim|time session|timeline
  found of on recovery requested system target|to access adjusting configured extended reset set slot target
 |transaction back for of recovered|tuple in index references|type field header message process|undo tablespace
 |value assigning current|values lsn|version file supported unsupported with|was error events maximum value|write
  for recycled|writes flush|xid for to update updater|xmax committed`;

export const namesOfSettings = `archive_command archive_mode aria_chk auto_increment_offset binlog_dump binlog_format binlog_row_value_options
  bytes_sent copy_data create_file cur_log data_len detect_only do_table enforce_gtid_consistency engine_cost
  error_handling event_type exec_load file_checkpoint flush_logs full_page_writes gtid_domain_id gtid_executed
  gtid_list_log_event gtid_log_event gtid_mode gtid_only gtid_seq_no handle_manager ignore_table init_file
  key_block_size key_used_on_scan lock_order log_event mandatory_role mandatory_roles master_gtid_pos max_open_files
  max_prepared_transactions max_replication_slots max_worker_processes my_net_write mysql_bin_log n_fields n_threads
  net_flush network_namespace open_index_file page_compressed pam_set_item pg_control_version pg_hba pg_stop_backup
  pg_wal_replay_resume privilege_checks_user purge_logs read_log_event relay_log_info relay_log_pos relmap_redo
  require_row_format restore_command rli_init_info row_format row_type seq_redo server_cost server_errno server_id
  server_start_time server_uuid skip_replication slave_transaction_retries space_id sql_before_gtids sql_log_bin
  sql_mode start_lsn super_read_only sys_columns sys_foreign sys_virtual thread_id tranx_node trx_err two_phase
  use_count use_float8_byval user_attributes using_gtid vacuum_multixact_freeze_min_age
  vacuum_multixact_freeze_table_age wal_level xl_info`;
