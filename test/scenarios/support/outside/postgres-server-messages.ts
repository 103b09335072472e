import { grave, type Message, messageOf } from "./postgres-messages.ts";

const own = { own: true, perMinute: 3 } as const;

/** What the server says of itself, of its data, and of who comes to it. */
export const ofServer: readonly Message[] = [
  messageOf(
    "wraparound-risk",
    'ERROR:  database is not accepting commands that assign new transaction IDs to avoid wraparound data loss in database "shop"',
    "VACUUM",
    grave,
  ),
  messageOf(
    "wraparound-risk",
    'WARNING:  database "shop" must be vacuumed within 10985967 transactions',
    "shop",
    grave,
  ),
  messageOf("wraparound-risk", 'ERROR:  multixact "members" limit exceeded', "VACUUM", grave),
  messageOf(
    "wraparound-risk",
    "WARNING:  cutoff for removing and freezing tuples is far in the past",
    "far",
    {
      ...own,
      ...grave,
    },
  ),
  messageOf("wraparound-risk", "WARNING:  oldest xmin is far in the past", "oldest", { ...own, ...grave }),
  messageOf(
    "data-corruption-suspected",
    "ERROR:  invalid page in block 5 of relation base/16384/16397",
    undefined,
    grave,
  ),
  messageOf(
    "data-corruption-suspected",
    'ERROR:  could not read block 5 in file "base/16384/16397": Input/output error',
    undefined,
    grave,
  ),
  messageOf("data-corruption-suspected", "ERROR:  compressed pglz data is corrupt", undefined, grave),
  messageOf(
    "data-corruption-suspected",
    "ERROR:  unexpected chunk number 3 (expected 1) for toast value 12345 in pg_toast_16397",
    undefined,
    grave,
  ),
  messageOf(
    "data-corruption-suspected",
    'ERROR:  failed to re-find parent key in index "orders_pkey" for split pages 12/13',
    "orders_pkey",
    grave,
  ),
  messageOf("auth-failures", 'FATAL:  password authentication failed for user "shop_api"', "shop_api"),
  messageOf(
    "auth-failures",
    'FATAL:  pg_hba.conf rejects connection for host "10.4.18.23", user "shop_api", database "shop", no encryption',
    "shop_api",
  ),
  messageOf("auth-failures", 'FATAL:  database "shop_v2" does not exist', "shop_v2"),
  messageOf("too-many-connections", "FATAL:  sorry, too many clients already"),
  messageOf("restart-or-crash", "FATAL:  the database system is in recovery mode"),
  messageOf(
    "restart-or-crash",
    "WARNING:  terminating connection because of crash of another server process",
    undefined,
    grave,
  ),
  messageOf(
    "restart-or-crash",
    [
      "LOG:  server process (PID 4711) was terminated by signal 9: Killed",
      "DETAIL:  Failed process was running: SELECT * FROM events",
    ],
    "events",
    { own: true, perMinute: 0.2, ...grave },
  ),
  messageOf("restart-or-crash", "PANIC:  could not locate a valid checkpoint record", undefined, {
    own: true,
    perMinute: 0.2,
    ...grave,
  }),
  messageOf(
    "memory-pressure",
    "LOG:  could not fork new process for connection: Cannot allocate memory",
    undefined,
    own,
  ),
  messageOf("logical-decoding-behind", 'ERROR:  replication slot "cdc_orders" does not exist', "cdc_orders", {
    perMinute: 6,
  }),
  messageOf(
    "logical-decoding-behind",
    ['ERROR:  can no longer get changes from replication slot "cdc_orders"'],
    "cdc_orders",
    grave,
  ),
  messageOf(
    "replication-stopped",
    [
      'ERROR:  logical replication target relation "public.orders" is missing replicated column: "region"',
      'CONTEXT:  processing remote data for replication origin "pg_16401" during message type "INSERT"',
    ],
    "orders",
    own,
  ),
  messageOf(
    "replication-stopped",
    'LOG:  subscription "shop_sub" has been disabled because of an error',
    "shop_sub",
    { ...own, ...grave },
  ),
  messageOf(
    "replication-stopped",
    "FATAL:  could not receive data from WAL stream: ERROR:  requested WAL segment 000000010000004F0000001C has already been removed",
    undefined,
    { ...own, replica: true },
  ),
  messageOf("backup-stale", "LOG:  archive command failed with exit code 1", undefined, own),
  messageOf("error-storm", "LOG:  unexpected EOF on client connection with an open transaction", "proxy"),
  messageOf("error-storm", "FATAL:  connection to client lost"),
  messageOf(null, "LOG:  could not receive data from client: Connection reset by peer"),
  messageOf(null, "LOG:  connection authorized: user=shop_api database=shop application_name=x"),
  messageOf(null, "WARNING:  there is already a transaction in progress"),
  messageOf(null, "LOG:  checkpoint starting: time", undefined, { own: true, perMinute: 0.2 }),
];
