import { brokenHandshake } from "../../functions/core/facts/certificate-refusals.ts";
import { analyzedAll } from "../../functions/core/facts/changed-values.ts";
import { tooFrequent } from "../../functions/core/facts/checkpoints.ts";
import { refusedWrite } from "../../functions/core/facts/clients-on-old-writer.ts";
import { damageWords } from "../../functions/core/facts/corruption-signs.ts";
import { deadlockLine } from "../../functions/core/facts/deadlock-places.ts";
import { endedProcess } from "../../functions/core/facts/killed-statement.ts";
import type { LogWords } from "../../functions/core/facts/log-lines.ts";
import { decodingBegins } from "../../functions/core/facts/logged-slots.ts";
import { askedFor } from "../../functions/core/facts/maintenance-told.ts";
import { toldLevels } from "../../functions/core/facts/mysql-told.ts";
import { engineTold, rolledBack } from "../../functions/core/facts/mysql-told-engine.ts";
import { limitsTold } from "../../functions/core/facts/mysql-told-limits.ts";
import {
  appliesAgain,
  receivesAgain,
  replicationTold,
} from "../../functions/core/facts/mysql-told-replication.ts";
import { hungUp } from "../../functions/core/facts/new-authority.ts";
import { reasons, refusalLevels } from "../../functions/core/facts/refusal-reasons.ts";
import { refusedSignIn } from "../../functions/core/facts/refused-sign-ins.ts";
import { logCauses, readyAgain } from "../../functions/core/facts/restart-causes.ts";
import { ownLimitRefusal, slotRefusal } from "../../functions/core/facts/slot-refusals.ts";
import type { Told } from "../../functions/core/facts/told.ts";
import { visitWords } from "../../functions/core/facts/told-visits.ts";
import { loggedErrors } from "../../functions/core/rules/queries/error-storm.ts";
import { noSuchName } from "../../functions/core/rules/queries/missing-names-draft.ts";
import { cancelled } from "../../functions/core/rules/replication/cancelled-queries-draft.ts";
import { noRoomForFiles } from "../../functions/core/rules/resources/temporary-files-draft.ts";
import { noTemporarySpace } from "../../functions/core/rules/resources/temporary-space-full.ts";
import { troublesOfServer, troublesSaid } from "./log-trouble-samples.ts";

const wordsOf = (told: readonly Told[]): readonly LogWords[] =>
  told.map(({ levels = toldLevels, says }) => ({ levels, says }));

/** Where in functions/core what is looked for stands, and all of it. */
export const allLogWords: Readonly<Record<string, readonly LogWords[]>> = {
  "facts/certificate-refusals.ts": [brokenHandshake],
  "facts/changed-values.ts": [analyzedAll],
  "facts/checkpoints.ts": [tooFrequent],
  "facts/clients-on-old-writer.ts": [refusedWrite],
  "facts/corruption-signs.ts": [...new Set(damageWords.map(({ words }) => words))],
  "facts/deadlock-places.ts": [deadlockLine],
  "facts/killed-statement.ts": [endedProcess],
  "facts/logged-slots.ts": [decodingBegins],
  "facts/maintenance-told.ts": [askedFor],
  "facts/mysql-told-engine.ts": [...wordsOf(engineTold), rolledBack],
  "facts/mysql-told-limits.ts": wordsOf(limitsTold),
  "facts/mysql-told-replication.ts": [...wordsOf(replicationTold), receivesAgain, appliesAgain],
  "facts/new-authority.ts": [hungUp],
  "facts/refusal-reasons.ts": reasons.map(({ says }) => ({ levels: refusalLevels, says })),
  "facts/restart-causes.ts": [
    ...logCauses.flatMap(({ postgres, mysql }) => [postgres, mysql]).filter((words) => words !== null),
    ...Object.values(readyAgain),
  ],
  "facts/slot-refusals.ts": [...Object.values(slotRefusal), ownLimitRefusal],
  "facts/told-visits.ts": Object.values(visitWords),
  "facts/refused-sign-ins.ts": [refusedSignIn],
  "rules/queries/error-storm.ts": [loggedErrors],
  "rules/queries/missing-names-draft.ts": [noSuchName],
  "rules/replication/cancelled-queries-draft.ts": [cancelled],
  "rules/resources/temporary-files-draft.ts": [noRoomForFiles],
  "rules/resources/temporary-space-full.ts": [noTemporarySpace],
};

/** What PostgreSQL 14 to 18 write of it, its own processes. */
export const postgresOwn = [
  ...troublesOfServer,
  "LOG:  server process (PID 12) was terminated by signal 9: Killed",
  "LOG:  client backend (PID 3368) was terminated by signal 9: Killed",
  "LOG:  autovacuum worker (PID 9) was terminated by signal 9: Killed",
  "LOG:  parallel worker (PID 9) was terminated by signal 9: Killed",
  "LOG:  io worker (PID 9) was terminated by signal 11: Segmentation fault",
  "LOG:  slotsync worker (PID 9) was terminated by signal 11: Segmentation fault",
  "LOG:  walsummarizer (PID 9) was terminated by signal 6: Aborted",
  "LOG:  checkpointer process (PID 9) was terminated by signal 6: Aborted",
  "LOG:  checkpointer (PID 9) was terminated by signal 6: Aborted",
  "LOG:  WAL writer process (PID 9) was terminated by signal 6: Aborted",
  "LOG:  walsender (PID 9) was terminated by signal 11: Segmentation fault",
  "LOG:  logical replication apply worker (PID 9) was terminated by signal 11: Segmentation fault",
  'LOG:  background worker "parallel worker" (PID 12) was terminated by signal 9: Killed',
  'LOG:  background worker "logical replication launcher" (PID 12) was terminated by signal 11: Segmentation fault',
  "LOG:  database system was interrupted; last known up at 2026-11-29 09:57:01 UTC",
  "LOG:  database system was not properly shut down; automatic recovery in progress",
  "LOG:  database system is ready to accept connections",
  "LOG:  database system is ready to accept read-only connections",
  'PANIC:  could not write to file "pg_wal/xlogtemp.380": No space left on device',
  "PANIC:  could not write to log file 000000010000002F000000B1 at offset 16384, length 8192: No space left on device",
  "LOG:  checkpoints are occurring too frequently (8 seconds apart)",
  "LOG:  checkpoints are occurring too frequently (1 second apart)",
  "LOG:  checkpoint starting: wal",
  "LOG:  checkpoint starting: immediate force wait wal",
  "LOG:  restartpoint starting: wal",
  "LOG:  restartpoint starting: xlog",
];

/** To a client of which nothing is known yet. */
export const postgresUnknown = [
  "LOG:  could not accept SSL connection: tlsv1 alert unknown ca",
  "LOG:  could not accept SSL connection: sslv3 alert certificate unknown",
  "LOG:  could not accept SSL connection: ssl/tls alert certificate unknown",
  "LOG:  could not accept SSL connection: sslv3 alert bad certificate",
  "LOG:  could not accept SSL connection: ssl/tls alert bad certificate",
  "LOG:  could not accept SSL connection: sslv3 alert certificate expired",
  "LOG:  could not accept SSL connection: sslv3 alert certificate revoked",
];

/** To a session, or to a client that becomes none. */
export const postgresClient = [
  ...troublesSaid,
  "LOG:  duration: 911204.551 ms  statement: ANALYZE",
  "LOG:  duration: 911204.551 ms  statement: ANALYZE VERBOSE;",
  "ERROR:  column m.loyalty_tier does not exist at character 23",
  'ERROR:  nextval: reached maximum value of sequence "scan_events_id_seq" (2147483647)',
  'ERROR:  nextval: reached minimum value of sequence "tickets_id_seq" (-2147483648)',
  'ERROR:  column "tier" of relation "members" does not exist at character 31',
  'ERROR:  relation "orders_new" does not exist at character 15',
  "ERROR:  function points_of(integer) does not exist at character 8",
  'ERROR:  type "mood" does not exist at character 40',
  "LOG:  connection authorized: user=shop database=app application_name=rails SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)",
  "LOG:  disconnection: session time: 0:00:00.123 user=shop database=app host=10.0.0.1 port=4242",
  'LOG:  starting logical decoding for slot "debezium_inventory"',
  "FATAL:  remaining connection slots are reserved for non-replication superuser connections",
  "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
  'FATAL:  remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role',
  "FATAL:  sorry, too many clients already",
  'FATAL:  too many connections for role "etl_loader"',
  'FATAL:  too many connections for database "dwh"',
  'FATAL:  password authentication failed for user "shop"',
  'FATAL:  password authentication failed for user "john.doe@corp.example.com"',
  'FATAL:  password authentication failed for user "svc_123456789012"',
  'FATAL:  password authentication failed for user "1shop"',
  'FATAL:  password authentication failed for user "ci:deploy"',
  'FATAL:  PAM authentication failed for user "shop_iam"',
  'FATAL:  SCRAM authentication failed for user "shop"',
  'FATAL:  LDAP authentication failed for user "shop"',
  'FATAL:  GSSAPI authentication failed for user "shop"',
  'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "shop", database "app", no encryption',
  'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "shop", database "app", SSL off',
  'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "shop", database "app", SSL encryption',
  'FATAL:  role "john" does not exist',
  'FATAL:  role "john" is not permitted to log in',
  "ERROR:  cannot execute INSERT in a read-only transaction",
  "ERROR:  cannot execute CREATE TABLE AS in a read-only transaction",
  "ERROR:  deadlock detected",
  'ERROR:  duplicate key value violates unique constraint "orders_pkey"',
  "ERROR:  canceling statement due to conflict with recovery",
  "FATAL:  terminating connection due to conflict with recovery",
  "ERROR:  invalid page in block 5 of relation base/16384/16397",
  "ERROR:  invalid page in block 5 of relation base/16384/1234567890",
  "WARNING:  page verification failed, calculated checksum 1234 but expected 4321",
  'ERROR:  could not read block 5 in file "base/16384/16397": read only 0 of 8192 bytes',
  'ERROR:  could not read blocks 5..7 in file "base/16384/16397": read only 0 of 24576 bytes',
  "ERROR:  missing chunk number 0 for toast value 12345 in pg_toast_16397",
  'ERROR:  index "users_pkey" contains unexpected zero page at block 5',
  'ERROR:  index "Users 2026-11" contains corrupted page at block 5',
  'ERROR:  index "orders_20261129_pkey" is not a btree',
  "ERROR:  found xmin 1234 from before relfrozenxid 5678",
  "ERROR:  could not access status of transaction 12345",
  'ERROR:  could not write to file "base/pgsql_tmp/pgsql_tmp1234.0": No space left on device',
  'ERROR:  could not extend file "base/pgsql_tmp/pgsql_tmp1234.0": No space left on device',
  'ERROR:  could not create file "base/pgsql_tmp/pgsql_tmp1234.0": No space left on device',
  'ERROR:  could not write to file "base/pgsql_tmp/pgsql_tmp1234.0.fileset/i0of1.p0.0": No space left on device',
  'ERROR:  could not write to file "pg_tblspc/16400/PG_16_202307071/pgsql_tmp/pgsql_tmp1.0": No space left on device',
  "ERROR:  could not write block 12 of temporary file: No space left on device",
  "ERROR:  could not write to temporary file: No space left on device",
];
