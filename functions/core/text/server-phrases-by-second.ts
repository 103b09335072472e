/** Two words that the servers say side by side: the second, and each before it. Made by test/support/phrases/generate.ts. */
export const phrasesBySecond = `"archive_command" your|"max_wal_senders" streaming|"max_worker_processes" state|"members" multixact
 |"restore_command" nor|"shared_buffers" reducing|"two_phase" disable|"vacuum_multixact_freeze_min_age" reduced|#
  "autovacuum_max_workers" beyond cleared count deleting err excl giving included iteration oid part pos produced
  resurrected rw rwx rx scanblkno scanned scope semctl sibling some zeroing|'enable_cascade_triggers' variable|'mysql'
  mean|'no_zero_in_date' 'no_zero_date'|a applying decrypting either generate generating provide submit uses
 |abnormally exited|abort stream|above messages|accidentally seems|account translated|ack exsiting|add therefore
 |additional contains|address wildcard|addresses bind ip ipv6|admin handle option|against locked|aio fs|algorithm
  valid|alignment incorrect|alive keep|all cleared rebuild remove|allowlist any|alter executing run start|among
  dependencies|an uses|and constraints|anonymous map|any matches|anyway continuing logs|api vm|applied had
 |applier creating find slave streaming|applier's resetting|are counters tablespaces|area diagnostics shared|as
  same|assigning typecode|asynchronous allocate|at located pausing starts|atomic supports|attack middle
 |authentication cert|authid mandatory_roles privilege|authorization anonymous|auxiliary iocache|aws cmk|back fall
  falling it move nodes roll rolled rolling|batch apply|behind fallen|both specifying|buffer parsing|build_all
  loader|building completed|builtin ignore|but encrypted formats|by enclosed triggered|call createprocess|called
  auxiliaryprockill prockill|calls function|can clientname|candidates oid|cannot schemas|capability cap_sys_nice
 |case lower rename|cause can likely might|cc pars0opt|certified positively|changing failures|channel applier
 |char delimiter|characters garbage|checkpointed oldest|checks fk|children recalcitrant|clause definer ignore
  where|clauses directory|cleanly down|clear uuid_length|client capability|clocks their|cloning remote|close
  forcing|collector logging statistics stats|column filtername whose|command admin subprocess|comments shorter
 |comparison insensitive|compatible backwards|completion o|condition until|configuration action algorithm current
  filter its log master member necessary on seconds source ssl tls unrecognized worker your|configured bits id|conn tp
 |consistency reaching|constant cost|constraints exclusion extra unique|contact resumed|contained loaded
 |containing pages|contents tuple|context compression decompression|contrecord missing|control aria flow|correctly
  configured|correspondence examining|cost estimated optimizer|could dh ecdh replacements setrlimit|count argument
  column modification select threads waited wrong|crash heuristic|crc calculated|created newly|credentials peer
 |cursor ibuf|data compression encrypt main meta provided|database abnormal dropping|datatype changing|dates
  support|ddl atomic instant online|death postmaster|decimal incompatible style|declaring alive|decoding logical
 |decompression zstd|decrease large long|decryption starting up|defaults required|defined differently engine un
  user were what|definer fix|delegates transmit|deletes allow publishes|delimiter check processing|delta managed
 |dependencies its|dependency resolving|descriptor object|detach concurrent incomplete pending unfinished|detaching
  complete|details additional exceeded membership more query string|detection conflict|developer core|different
  caused|dimensions array|dir change|disable locks|disabling none|disconnecting forcefully|discontinued operation
 |distributed best|dn base full parsing root|docs com|documentation parameters|does nonce|doing optimize|don't
  flags|doublewrite archiver's batch detect_only|download requesting|drop instant|dump hex zombie|dynamic provide
 |either modifications session_track_system_variables sure|enabled "archive_mode"|enabling warning|encrypted tls
 |endpoints socket|enforce setting|engine aria csv secondary|engines incapable storage|entry shmemindex
 |environment 'path'|erroneous extra|error additional|escape null|exclude preferred|exclusion constraints reindex
 |executable own postgres program|exhausted number|existing pre resetting|expected comma|explicitly shutdown
 |expressions regular|extensions filename|failed allocation ddl delegates gethostname getrlimit rearm setns
  socketpair validator|fails constraint restoration|failures assignment verification|fast very|fd duplicate socket
 |features xa|fed event|fewer run|file aria config doublewrite frm history info link relaylog remove scanned trg
 |filled queues|filter creating|filtering id|filters global|finalize partition|fix either entry|fixed became
  still|for asked configured directories documentation info logs looking options queueing reference searching triggers
 |forked history|formatted invalidly|found garbage neither terminator|fragment rollback|fragments remove|freeze
  copy|frm ancient|from comes different differs gtids info tid|frontend unsupported|function fastpath|ga search
 |galera start|gaps mta|generate store|gid uid|giving vain|gracefully die|granting temporarily|group searched
 |gtids all contains disable enabling recover support|handling channels connection defaults event key special starts
  thread|has oid reader|header encryption extra file its magic proc read undo valid|heap opening|heartbeat sends
  source's|heritage myisam|higher innobase_open_files|history insufficient server's|hitting times|holding possibly
 |hole punch|how out|ibuf background fails restore|id authorization|identifiers simple transaction|ids
  authorization timeline transaction|image info|immediately should|implementation service|implemented yet
 |implicitly active|in defined elements functions item listed members mentioned plug resulted resulting seek servers
 |including events|incoming handling|incompatibly modified|index building functional scanned|indexfile created
  recreate|indexing text|indicated response|info additional column encryption heartbeat master metrics transaction
  worker|inheritable constraint|init conn reason relay_log_info write|inserts allow doing resurrecting|instant
  algorithm both|interface query wildcard|interfaces communication|intersection processing|invalid overwrote
 |invisible overwrite|ios concurrent idle pending|ipv4 resembles|is "wal_level" clause ipv6 lastval promotion reader
  refresh|it declare since thence|it's blocks pretending|item page|iterator metadata reader|its through|itself
  address|keeping book|key private property public signing|keycache default|kms aws|last since|layer ssl|layout
  packet|left trimming|len ref|lengths item|lexical uuid|likely most|lines less|link checkpoint delete right
  symbolic|links record spuriously symbolic|listener event up|lists exclude|loading skipped|lob back|log ddl
  redirecting renaming tc|logger engine|logging based binary disabling initialize proper query redo row self stage
  turning|logical exported released|logs binary fashioned general module old processed relay|lower pointers|mai
  tables|man attempted|manager resource|manually directories file it logs must them validation|mapping next parsing
  relation|mask cidr info ip|matches iam|maxlisten addresses|may operations|md5 perform random|mdl take|means
  probably|member any changing date incrementing joining multixact operation primary secondary this tie|members all
  multixact recovering updated updating|memory logging|mentioned attribute|merge temporary|merged just|message
  origin|migrating finished|minimal wal_level|mixed binlog_format|modes bind sql|modification view|modifier type
 |modifying explicit|modules archive|monitoring death|mta fill|mtl enabling|multithreaded became|multixactid
  avoid|myd restoring|mysqldimp prepare|name realm|need would|negotiation protocol ssl|netmask separate|new
  generate selected|newly were|next getting|nor "primary_conninfo" database index primary_conninfo subdirectory|not
  incompatible rotation|notation cidr|number magic|numbered fixed|numbers letters sequence|o's i|obtained time
 |occasionally fail|of abort api assessment broadcast currval decryption description extraction history member
  ownership part recalculation reindex removal retrieval setup some tree|off forked|offsets between|oid origin unused
 |ok err|on clause ddls earlier gtids occurred operations rec|once stop|ones current|ongoing still|online declared
 |operations cascade pending|optimistic parallel|optimize support warning|options database incorrect mix parsing
  persisted persistent provider|or "replica" false|original timestamps|originating columns|orphan dropping|os i
  removed your|our kill|out probably zeroing|outgoing compressing|output decompressed insufficient modifier
 |overflows size|overwriting flush|owner's subscription|pair value|parameters dh|parsing mapping retrieval
 |partially update|partition detach|pending gin|perhaps usage|period 'wait_timeout' drop expiration quarantine time
  wait_timeout|permanent unlink|persisted configuring|phase commit|physical released|pipe connection logger
  monitoring|play into|please changed configuration corrupted definer failed ids index individually opened secure
 |pointer line|points reset|poll regularly|pos until wait|positions between date|postgres another|prefix column
  having reserved|primary elected|prime safe|priority high|procedures handle|proceeds now|process unstarted
 |processed purging|procsignalbarrier accept|promote stat|property statistics|protocol alpn|provide didn't view
 |provided credentials haven't input lists token validator|provider fragment identity load new pause resume
 |provisioning thin|public unavailable|publications subscription's tables|query extended|queue child execution
  memory notify rearranging wait worker|quota disk|random generate|rbwr autocommit|re automatically|read short|rec
  undo|receiver ack|recent consult|record hostssl|recovering continue|recovery aria distributed doing mta|recreate
  doing|redo truncating|relations unlogged|relative positions|relay counting|repaired partially|replicated both
  missing statement|replication alter asynchronous manipulate streamed|required containing|requiring logs|reserve
  doesn't|restart either|restrictions ignored|resumed successfully|retrieval whose|returned "restore_command"
 |reusable currently|revoke partial|rewrite refreshing|rmid bytes|rollback forces|rsu end|rule instead
  suppression|rules ignore_table loading rewrite|run scheduled|safe crash now|salt md5|scanned eagerly|scanning
  eager skipped|security better within|segment dsm|sense makes|separated comma identifiers|separator delimiter
  mapping value|server mandatory postgresql see|server's upstream|services stopping|set basedir rule|setup ready
 |shared dynamic|shows counter|shutdown fast|sibling's right|side replica|sidno transaction|sigkill issuing
 |since binlog however logs skipped|size desired|slot's local remote|slower pruning|sockets dump ip local|software
  antivirus|some free information maintenance miss missing once reclaimed rotate|sorting merge|sources failover
 |space swap|specification address database netmask role|sql 'no_auto_create_user'|ssl direct|stage backup|stale
  removing|state snapbuild|states defined their|statistics cumulative disabling lowering persistent saving|stats
  directory's exempt memory sending transient triggered updating|step leave|stmt creation|store trust|style old|sub
  aio|subdirectory database pg_wal temporary|subpartitions including|subscribes created|subscriptions creating
  disabled other|subsystem grant|subtransactions committed|subxact transaction's|succeeded check_file_spec
 |synchronization protocol slot|sys errmsg outdated proc|system fetching uses|system's archiver|table acl alter
  aria identified ignore info locallock migrating partitioned|tables replicated|tablespace extending|tablespaces
  migrating undo|taking try|task autovacuum current scheduling|temporal based|temporary tuplestore|tenancy user
 |terminator expected final|than bigger higher larger|that assuming engines verify|the add changing compression
  counting determine disabling fix follow holding however instructs killing leave leaving rebuilding recreate remove
  rotate see though|thence majority|therefore attached binlog_expire_logs_seconds|these how|those among remove
 |though even|thread applier compression killing unbind|thread_id preader|threshold tolerance|throttle lim
 |timeline fetching highest|timeline's child|timestamps logical these|to "wal_level" able according attach attached
  back belong configured equal fails fallback forcing going lead limited links need pipe pointer refer seem seems soon
 |together used|token authorization bearer|tracked losing|tracking page stage|transaction's prepared remote
  streaming|transactions stable|transfer snapshot state|translation index|trigger promote rebuild|triggers
  executing parsing|truncate delaying suspending|trust loading|tuple invisible|turning database hence|type payload
 |ulint innodb's|under located|undo reconstructing truncating|unenclosed inside|unless happen|unreachable become
 |unrecognized ecdh reported|unstartable terminate|up giving scanned waking woke|updates allow doing execute more
  publishes resurrecting|user provided proxied|uuid salting|vacuuming aggressively|validator wrapper|var env
 |variable environment|variables generator persisted slave super_read_only|vault hashicorp|verification signature
 |via rebinding|view materialized store|vm internal|wait init|wal oversized|wasn't module|weight highest|what
  match|while occurred problem tries|wide database|with compatible configured incompatible|worker choosing
  synchronization tablesync|wraparound apparent|writable world|writes atomic flush|writing physically|xid updater
 |xmin uncommitted|yet enabled groups removed|zeros writ`;
