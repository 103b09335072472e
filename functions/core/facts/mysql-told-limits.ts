import { manyAttempts } from "./attempts.ts";
import { hasRoom, isAnswering, isLate, isNobodyMissing, isUnused } from "./mysql-told-over.ts";
import type { Told } from "./told.ts";
import { writesFell } from "./write-stall.ts";

/**
 * Who is refused, and what runs out; in messages of the levels of all that is told.
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference
 */
export const limitsTold: readonly Told[] = [
  {
    cause: "auth-failures",
    says: /^The (plugin '[^']{0,64}' used to authenticate user '[^']{0,128}'@'[^']{0,255}') is not loaded/,
    means: "Nobody can sign in by the {}: it is not loaded",
    mend: "ALTER USER … IDENTIFIED WITH caching_sha2_password",
    windowSeconds: 3600,
    atStart: true,
    isOver: isUnused,
  },
  {
    cause: "auth-failures",
    says: /^(Your password has expired|Connections using insecure transport are prohibited|Plugin '[^']{0,64}' is not loaded)/,
    means: "Sign-ins are refused: {}",
    mend: "a new password; clients that encrypt; caching_sha2_password",
    least: 20,
    isOver: isNobodyMissing,
  },
  {
    cause: "too-many-connections",
    says: /^User '([^']{1,128})' (?:has exceeded the|already has more than) /,
    means: "Account {} has used up a limit of its own (max_user_connections), and is refused",
    mend: "a smaller pool, or ALTER USER … WITH MAX_USER_CONNECTIONS",
    least: 5,
  },
  {
    cause: "instance-limit-reached",
    says: /^(Host '[^']{1,255}') is blocked because of many connection errors/,
    means: "{} is blocked (max_connect_errors): none of its clients gets in",
    mend: "FLUSH HOSTS, and find what breaks its connections off",
    least: 3,
    isOver: isLate,
  },
  {
    cause: "connection-storm",
    says: /^Aborted connection .{0,400}\(The client was disconnected by the server because of inactivity/,
    levels: ["NOTE", "WARNING"],
    means:
      "Clients are cut off as they idle (wait_timeout), and connect anew: what they sent meanwhile fails",
    mend: "a longer wait_timeout, or pools that keep connections for less",
    least: 20,
    isIdle: (view) => manyAttempts(view) === null,
  },
  {
    cause: "instance-limit-reached",
    says: /^Threadpool (?:could not create additional thread|has been blocked for)\b/,
    means: "All threads of its pool are taken, and nobody else is served",
    mend: "what they wait for; then thread_pool_max_threads. An administrator gets in by extra_port, where it is set",
    severity: "P1",
    isOver: isAnswering,
    explains: ["database-unreachable", "connections-near-limit"],
  },
  {
    cause: "instance-limit-reached",
    says: /^(Can't create (?:a new )?thread|Cannot find a free slot for an undo log)\b/,
    means: "The server has no room for more at once, and refuses it: {}",
    mend: "a smaller pool, or RDS Proxy",
    severity: "P1",
  },
  {
    cause: "instance-limit-reached",
    says: /^(innodb_open_files=\S+ is exceeded|Too many \(\S+\) files stay open|Can't open file: .{1,300} - Too many open files|Error in accept: Too many open files|Can't create more than max_prepared_stmt_count statements|The total number of locks exceeds the lock table size|Over \d+ percent of the buffer pool is occupied by lock heaps)/,
    means: "A limit of the server is reached: {}",
    mend: "fewer tables in use, statements kept prepared or rows locked by one transaction; then a larger limit",
    least: 3,
  },
  {
    cause: "instance-limit-reached",
    says: /^The table '(?!#sql|[^']*(?:\/tmp\/|#sql))([^']{1,200})' is full/,
    means: "Table {} is full: what is written to it fails with 1114",
    mend: "where the volume has room it is of MEMORY (max_heap_table_size), or its file cannot grow",
    mild: true,
    isGrave: (view) => writesFell(view, 0.3),
  },
  {
    cause: "memory-pressure",
    says: /^(?:Out of memory\b|Cannot allocate (?:\d+ bytes of )?memory\b)/,
    means: "The server asked for memory and got none",
    mend: "innodb_buffer_pool_size, buffers of sessions, max_connections: what was raised",
    least: 2,
    explains: ["database-unreachable", "restart-or-crash"],
    atStart: true,
  },
  {
    cause: "storage-low",
    says: /^(?:Disk is full writing |Disk full \(|Write to file (?!\(|\S*(?:ibtmp|\/tmp\/)).{1,200} error number 28\b|Error writing file '(?![^']*(?:\/tmp\/|MY\w))[^']*' \(.*\b28\b|SERVER_AUDIT: Could not write .*No space left)/,
    means: "The volume has no space left: writes wait or fail",
    mend: "more storage; what has taken it (binary logs, temporary tables)",
    severity: "P1",
    isOver: hasRoom,
    explains: ["database-unreachable", "write-stall"],
  },
];
