/** Two words that the servers say side by side: the first, and each that follows it. Made by test/support/phrases/generate.ts. */
export const phrasesByFirst = `"wal_level" "logical" "replica" must|# "database" "true" absolute adjusting ata avoided billion cfg commits
  consecutive contractions differ estimated filter flushes gb hanging haswaiters infomask issuer iterations kb lhs live
  mb member members mib millisecond milliseconds minimal mtl nonremovable obtained overlaps overwritten parts please
  plus points pos ptr removable res retries rok runs sec secs seqno setval slru special subject subscriptions
  subtransactions tablespaces thds unless upper validating via waiters whose|a batch capture chance configuration core
  difference different failsafe few finite general half hidden higher lower majority member merge moment
  multidimensional nonzero passphrase pgproc postgresql potential problem proper raw reconnect rotate safe scalar
  secondary separate special sub sys terminal tie way|add ignore item leftkey more posting rightkey suppression wild
 |after adding changing commandcomplete converting ensuring freeing image joining making promotion quote reconnect
  reencryption some split timestamps|all aria nodes|already acknowledged applied attached owns reconstructing setup
  suffered|alter "two_phase" inherited subscription|an anonymous appropriate earlier inappropriate incident
  incremental instantly md5 unconditional|and "vacuum_multixact_freeze_table_age" 'error_for_division_by_zero' adjust
  analyzed digest guarantee internally leave mask possibly published publishes recreate refresh rejoin repeat rewrite
  scope therefore updates won't|are "false" either involved members ok trusted unblocked|as arbiters corresponding
  hostname psql's stderr stdout template these zeroes|at clock filepos risk|authentication methods scheme|auto cnf
  prune pruned rejoin|automatic recalculation rotation|be "logical" activated advanced alphanumeric applied
  automatically buffered compressed computed converted copied declared decompressed decrypted emitted emptied encrypted
  fixed frozen indexed instrumented located merged nonzero outdated re rebuilt recorded recreated reloaded repaired
  replaced replicated safest scanned suspended transactional turned usable volatile working writable zerofilled|because
  "restart_after_crash" promotion|been checked delivered discarded populated replicated resized rotated unsuccessfully
  yet|before configured image initiating pause proceeding reaching relminmxid removable|being accessed attached
  detached extended|binlog direct filters trimmed|bit platforms somewhere|buffer da extended extent initialisation
  merge rli|build innodb postgresql|but stat uncompress|by alter aslr backreference dots hand postgresql
  preprocessing reducing renaming|can consult safely|can't continue determine init initiate map recreate remove
  resolve retrieve revoke rmdir rotate setup store|cannot abort activate add advance alter attach continue define
  defragment detach freeze move perform proceed reindex replay replicate revoke save schedule setup specify switch
  synchronize|case insensitive letters|changed although limits|channel binding filter filters lag|client interactive
  selected software|clientcert can cannot only|compressed lz4 or pglz tables|configuration directive directory
  operation parameter was|connection attributes teardown|consider enlarging fixing raising|control functions
  throttling|correct aws counter this|create construction monitor specific thd|custom attributes cumulative parameter
  resource|data beyond copied corresponding extract infile loss pointed wrapper|db opt simultaneously|ddl applying
  statement|different floating formats groups origin|disabling automatic background eager mtl|doublewrite buffer
  filename load open|drop cascades excessive stale|during alter compilation post renaming replay|enable backward
  deleting exactly|error accessing allocating broadcasting calling copying deleting description enumerating evaluating
  fetching getting logging occurred parsing please releasing scheduling usually|exceeded consumed maxallocateddescs
  predefined|exception dispatching occurred|failed either even generating getlasterror logins purging renaming|file
  descriptors mapping represents sizes uses|files placed probably|filter map name s tables|find appropriate
  messagefile symbol|first extra rec zeroed|fixing incomplete se|for "hostssl" additional algorithm applier authid
  authorization clientcert clientname collection committrx consistency correction ddl definer deletion dependent details
  doublewrite dropping example forceful icu lack logging making messagefile migration multivalued netmask origin parsing
  resurrecting secure separator simple some someone split tar thd thds tree truncation upstream|format description
  descriptor specifier|found abandoning earliest incompatible initial raw resetting uncommitted yet|from buffile dict
  either elsewhere fcntl filepos higher messagefile relaylog se setevent sr stdin|future issues release releases|get
  absolute definer dn hostname stat thd through working|granted membership through|group electing majority mapping
  members membership retrieval secondary smaller|groups extracted however|gtid based consistency sets structures|has
  commanded disappeared diverged estimated incompatible neither occurred paused|have diverged formatdescriptor just
  same|header page uninitialized|heap only page required tid|http bugs request|if "max_replication_slots"
  "primary_slot_name" necessary|in "shared_preload_libraries" allocation assignment case combination constraints
  copying decoding discard doubt fetching flight frm functions header legacy lru nonexisting parsing post postgresql
  queue rbr readautoincrementvalue relmap renaming resolving rwconflictpool same sample shard sharedinvalbackendinit
  sinval tenancy usermap|incomplete escape grants split|increase "max_active_replication_origins" "max_connections"
  "max_prepared_transactions" "max_replication_slots"|inheritance parents tree|initial contents slot usedcounter
 |initialize allowlist multi rseg semisync|innodb add allocated assuming bool decides decrypting discarding fail
  ftruncate monitor nl preallocating refuses resetting resizing sec troubleshooting|invalid "max_array_length"
  algorithm describe frontend ft keepalive lp relminmxid|is "minimal" adequate behind beyond blocking busy causing
  cleared configured consumed correct de defined derived established harmless infinite intact involved joining linked
  logically lower partitioned probably quote reachable reconnected recovering restricted resumed smaller supposed tagged
  triggered trunkated typically unblocked uncommitted unpaused unrecoverable unusable working wrongly|it derives
  invokes joined|key align constraints generate however part parts signature|lag lsn retrieval retrieved|left behind
  intact link sibling spaces undeleted unprocessed|length exceeding word|log 'first' activity collection filename
  header notification output please sanitization since switchpoint synchronously|longer intact necessary|make pruning
  sure|malformed csv proof|many custom notifications strings tries|master enables structures|max ins nr|maximum
  nesting permissible|may alter face fail indicate succeed want|member action actions exiting is joined threshold
  version was weight with|members joined min removed|memory allocation contexts pointer pressure|message informing
  intended subtype supplies transmission|mib critical mount|might differ succeed|monitor counter io|more multixactid
  multixactids recent|multi batch factor freeze threaded valued values|must move silently|mysql com embedded
  encrypted func proc|mysqld abort crashes quit|neither "primary_conninfo" suitable|network interfaces namespace
  namespaces|new independent item multixactids tempfile|no activity answer definer effect inherit paths postgresql
  results subexpressions suitable|node going pointer ptr|non bearer certified existent ignorable myisam printable|not
  acceptable activate add come configured correspond decrypt defined desired detect determine diverged encrypt encrypted
  enforced frozen fseek generate handled identify locate look map measure multi munmap normal prime print proceed
  promote provided readable recognized recorded recreate redirect reloaded remove reread reserve resolve responding
  retrieve reusable rewind seek sign stat store subscribed succeed sufficient synchronize transactional translate trust
  unbind unlink unmap verify yet|of core crc different dumped elements endpoints engines event's exact indexfile items
  measure misconfiguration originally partitioned pools random replicate retries rseg show subsitutions tablespaces task
  void working|on adjacent endpoint everywhere fseek going hostssl realpath show signals transiently|one application
  dimensional versioned|only accepts dynamic endpoints supports|open critical dir re secondary sr underlying usermap
 |or "autovacuum_work_mem" "logical" "max_connections" alter amend decrypt evidence flushes higher huge misconfigured
  parsing reindex relminmxid repaired very world zerofilled|order assure clause dependencies scanner tail|orphan
  archive temp|os dependent errno retuned|other origins ways|output besides function produced|parameter
  "maintenance_work_mem" "max_stack_depth" "max_wal_size" "max_worker_processes"|please check consider create do drop
  fix follow make manually provide recreate rectify refer reindex remove repair report run see specify submit turn use
 |pool activation de deinitialized stage|posting list split|primary election ignorable silently|process ends
  lifetime uses|re create enabling encrypt encrypted sure using|read "security" dir indexpage record's uncommitted
 |reading clustered compressed processor stat|received ack exceeding openssl payload promote smart unencrypted
 |recovering after prepared|recovery endpoints generating multi starts strategy|redirect stderr stdout|reduce
  "maintenance_work_mem" postgresql's|refresh collation false materialized|release and possibly triggered|replicate
  anonymous rewrite unapplied|replication channels filter filters fragment origin origins resumed starts timestamps
  topology|request adding notification|resolve "localhost" hostname these|row application based modifications
  versions|row_format compressed dynamic specifier|row_type compressed redundant|running initiated locker|s among
  autoinc building pointing|scan forward progressed|scheduler dropping purging serious|scram nonce sha|seconds ago
  elapsed however|security context definer descriptor restricted token|see below https|semisync forced replica
 |server apparent executable hostname overcomes restarts side supports through|set "allow_in_place_tablespaces"
  "max_prepared_transactions" console datadir environment extraction initial locally minimal|side effects facility
 |skipping leave special truncation|slave errored hosts|some cases data databases logs operations other relations
  replicated rules updates useless|source belongs receives|space id's resuming|specified filter neither twice
 |specify an another correct exactly one|sslrequest accepted rejected|statement impossible ineffective|suitable
  candidate generator|sys fs schema|system catalogs dependent logger provides supports variables versioned views
 |table attributes definitions probably rebuild rule rules schemas|tcp ip keep|than "minimal" 'max_allowed_packet'
  'slave_max_allowed_packet' minimal once public rotation those|that assign implements initial it's modifies owns
  postgresql's servers|the "track_counts" 'default_roles' 'role_edges' above ack action allocation application applier
  blocking cause channels combination computation configuration configured correct counters database's datadir
  designated discard documentation doublewrite event's filepath following groups gtids header hexadecimal iam ibdata1
  incident index's instructions issuer issues keepalive keycache master's member middle misplaced moment normal par
  persisted platform's positions problem processor proper provided public queue reader relevant replica's replicated
  respective rest resulting same saving selects server's sizes sum symbol table's thd topology truncation underscore
  variables|there's no something|this build case computation gives happens os platform task|those channels
  directories|thread priority specific stops|timeout comes reasons|to "autovacuum_worker_slots" "logical" 'active'
  'empty' 'inactive' 'infinity' abort activate add allocated alter append assess assign authorize avoid beginning catch
  choose clear collect come compress construct continue decrement decrypt define deinit desync detach detect determine
  disable earliest encrypt ensure escaped establish evaluate exchange extract fix fulfill gather generate gracefully
  hashes hostname init initiate instantiate intialize keep let locate loss lower make monitor move nonblocking normal
  perform preallocate print promote publications publish re reach reconnect reconstruct refresh reinit reinitialize
  release remove replicate represent reserve resync retrieve save setup slaves stat stderr stdout store subscribe switch
  tempfile trim turn unblock unlogged|too big few much short|transactions against approximately committing doing kept
 |two phase places red|unexpected instantly myprocnumber sigquit|unknown creator op subject|unless overridden
  require_row_format|unrecognized "wal_sync_method" argument authentication curve process ssl wal_sync_method|use
  'kill' 'ulimit' gtids maxvalue random replica's shorter sighup slave's zlib|using "cert" algorithm protobuf saved
  sequential stale tablespaces transactional|wal archival ends|was adjusted automatically compiled createfilemapping
  discarded duplicatehandle elected expelled invoked issued mapviewoffileex replayed seen suppressed triggered
  unsuccessful|we assume just need re recommend scanned suggest|when "max_active_replication_origins" activating
  attempting calculating cloning comparing configuring contacting converting deleting extracting logging moving
  obtaining packing repairing restoring transferring|which indicates invoked prevents|while allocating appending
  applying attaching authenticating broadcasting building calling clearing compressing decoding decompressing deleting
  following getting holding initialising joining loading parsing queuing re reassigning rebuilding recovering resizing
  rotating saving serializing splitting|will go make switch transfer|with algorithm blcksz cascading clause different
  dummy extended filefallocate fingerprint fixed higher keycache leafblkno loblksize maxalign namedatalen origin
  priority reconnect reduced refresh respect scroll strict unrecognized|without notify preceding quick taking
 |wraparound problems protections|write identification indexblock sets|wrong magic ownership tree|you intend rebuild
  reencrypt sure temporarily`;
