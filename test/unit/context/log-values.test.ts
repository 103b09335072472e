import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import type { Engine } from "../../../functions/core/contract/target.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aTarget } from "../../support/evidence-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

const client = "2026-11-21 09:58:01 UTC:10.0.0.7(54):app@shop:[7]:";
const server = "2026-11-21 09:58:01 UTC::@:[412]:";
const my = "2026-11-21T09:58:01.123456Z 12";
const maria = "2026-11-21  9:58:01 12";
const mail = "zebulon@quux.example";
const card = "4929001122334455";

/** Real texts of the servers, each with one value of a user: what, of which engine, the value, the lines. */
const texts: readonly (readonly [what: string, engine: Engine, secret: string, ...lines: string[]])[] = [
  ["a statement", "postgres", mail, `${client}STATEMENT:  SELECT * FROM users`, `\tWHERE email = '${mail}'`],
  [
    "a slow one",
    "postgres",
    card,
    `${client}LOG:  duration: 9.1 ms  statement: SELECT * FROM t WHERE c = ${card}`,
  ],
  ["a prepared one", "postgres", mail, `${client}LOG:  duration: 9.1 ms  execute S_1/C_2: SELECT '${mail}'`],
  ["its parameters", "postgres", mail, `${client}DETAIL:  parameters: $1 = '${mail}', $2 = 'it''s'`],
  [
    "its parameters in English of 16 and later",
    "postgres",
    card,
    `${client}DETAIL:  Parameters: $1 = '${card}'`,
    `${client}CONTEXT:  unnamed portal with parameters: $1 = '${card}'`,
  ],
  ["a key", "postgres", mail, `${client}DETAIL:  Key (email, "Name")=(${mail}, x) already exists.`],
  ["a row", "postgres", "Zebulon", `${client}DETAIL:  Failing row contains (17, Zebulon, 4).`],
  [
    "a row that says what a message says",
    "postgres",
    "Zebulon",
    `${client}DETAIL:  Failing row contains (1, login failed for user "Zebulon", relation "Zebulon").`,
  ],
  [
    "a literal over lines, of a statement inside of a routine",
    "postgres",
    "Zebulon",
    `${client}ERROR:  division by zero`,
    `${client}CONTEXT:  SQL statement "UPDATE t SET a='x`,
    '\tuser "Zebulon" relation "Zebulon"',
    "\tPL/pgSQL function Zebulon line 5 at Zebulon",
    "\tPL/pgSQL function Zebulon",
    `\t'"`,
    "\tPL/pgSQL function f(integer) line 3 at SQL statement",
  ],
  [
    "a value over lines that COPY met",
    "postgres",
    "Zebulon",
    `${client}ERROR:  invalid input syntax for type integer: "x"`,
    `${client}CONTEXT:  COPY t, line 3, column n: "x`,
    '\trole "Zebulon""',
  ],
  ["input", "postgres", card, `${client}ERROR:  invalid input syntax for type integer: "${card} 1"`],
  [
    "input of an enum",
    "postgres",
    "zebulon",
    `${client}ERROR:  invalid input value for enum role: "zebulon"`,
  ],
  ["a date", "postgres", "1985-13", `${client}ERROR:  date/time field value out of range: "1985-13-01"`],
  ["a number", "postgres", card, `${client}ERROR:  value "${card}" is out of range for type integer`],
  [
    "json",
    "postgres",
    mail,
    `${client}DETAIL:  Token "${mail}" is invalid.`,
    `${client}CONTEXT:  JSON data, line 1: {"a": ${mail}`,
  ],
  [
    "a statement that does not parse",
    "postgres",
    "Zebulon",
    `${client}ERROR:  syntax error at or near "Zebulon" at character 40`,
    `${client}STATEMENT:  SELECT * FROM users WHERE name = 'O'Zebulon' AND card = 'x'`,
  ],
  [
    "an unterminated one",
    "postgres",
    mail,
    `${client}ERROR:  unterminated quoted string at or near "'${mail} AND card = 4" at character 30`,
  ],
  ["RAISE", "postgres", "Zebulon", `${client}ERROR:  no money left for Zebulon`],
  [
    "RAISE that quotes",
    "postgres",
    "zebulon",
    `${client}ERROR:  no money left for user "zebulon"`,
    `${client}CONTEXT:  PL/pgSQL function pay(integer) line 3 at RAISE`,
  ],
  ["COPY", "postgres", mail, `${client}CONTEXT:  COPY users, line 3, column email: "${mail}"`],
  ["COPY of a row", "postgres", card, `${client}CONTEXT:  COPY users, line 3: "7\t${card}\tx"`],
  ["a statement within", "postgres", mail, `${client}CONTEXT:  SQL statement "SELECT '${mail}'"`],
  [
    "auto_explain",
    "postgres",
    mail,
    `${client}LOG:  duration: 12.5 ms  plan:`,
    `\tQuery Text: SELECT * FROM users WHERE email = '${mail}'`,
    "\tSeq Scan on users  (cost=0.00..1.00 rows=1 width=8)",
    `\t  Filter: (email = '${mail}'::text)`,
  ],
  [
    "auto_explain as JSON",
    "postgres",
    mail,
    `${client}LOG:  duration: 12.5 ms  plan:`,
    `\t{ "Query Text": "SELECT '${mail}'", "Plan": { "Filter": "(email = '${mail}'::text)" } }`,
  ],
  [
    "pgaudit",
    "postgres",
    mail,
    `${client}LOG:  AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.users,"SELECT '${mail}'",<none>`,
  ],
  [
    "what a killed process ran",
    "postgres",
    card,
    `${server}LOG:  server process (PID 12) was terminated by signal 9: Killed`,
    `${server}DETAIL:  Failed process was running: INSERT INTO t VALUES ('x',`,
    `\t'${card}')`,
  ],
  [
    "a deadlock",
    "postgres",
    card,
    `${client}DETAIL:  Process 8 waits for ShareLock on transaction 70; blocked by process 9.`,
    `\tProcess 8: UPDATE cards SET owner = 'x' WHERE number = '${card}'`,
  ],
  [
    "German",
    "postgres",
    mail,
    `${client}FEHLER:  ungültige Eingabesyntax für Typ integer: »${mail}«`,
    `${client}ANWEISUNG:  SELECT '${mail}'`,
  ],
  ["German of a slow one", "postgres", mail, `${client}LOG:  Dauer: 1000.2 ms  Anweisung: SELECT '${mail}'`],
  [
    "German of a killed process",
    "postgres",
    card,
    `${server}DETAIL:  Der fehlgeschlagene Prozess führte aus: INSERT INTO t VALUES ('${card}')`,
  ],
  [
    "German of a row",
    "postgres",
    "Zebulon",
    `${client}DETAIL:  Fehlgeschlagene Zeile enthält (17, Zebulon).`,
  ],
  [
    "French",
    "postgres",
    mail,
    `${client}DÉTAIL:  La clé « (email)=(${mail}) » existe déjà.`,
    `${client}INSTRUCTION :  INSERT INTO t VALUES ('${mail}')`,
  ],
  [
    "French of a slow one",
    "postgres",
    mail,
    `${client}LOG:  durée : 1000 ms, instruction : SELECT '${mail}'`,
  ],
  ["another prefix", "postgres", mail, `2026-11-21 09:58:01 UTC [7] app LOG:  statement: SELECT '${mail}'`],
  [
    "a deadlock of InnoDB",
    "mysql",
    mail,
    `${my} [Note] [MY-012469] [InnoDB] *** (1) TRANSACTION:`,
    "MySQL thread id 8, OS thread handle 1, query id 10 10.0.0.1 shop updating",
    `UPDATE users SET email='${mail}' WHERE id=1`,
  ],
  [
    "the rows of a deadlock of InnoDB",
    "mysql",
    "6a6f686e",
    `${my} [Note] [MY-012469] [InnoDB] *** (1) HOLDS THE LOCK(S):`,
    " 3: len 16; hex 6a6f686e406578616d706c652e636f6d; asc john@example.com;;",
  ],
  [
    "a record of InnoDB",
    "mysql",
    "zebulon",
    `${my} [ERROR] [MY-012869] [InnoDB] Record in index \`email\` of table \`shop\`.\`users\` was not found on update: TUPLE (info_bits=0, 2 fields): {[7]zebulon(0x7A65)}`,
  ],
  [
    "replication by statement",
    "mysql",
    mail,
    `${my} [ERROR] [MY-010584] [Repl] Replica SQL for channel '': Error 'Duplicate entry '${mail}' for key 'users.email'' on query. Default database: 'shop'. Query: 'INSERT INTO users (email) VALUES ('${mail}')', Error_code: MY-001062`,
  ],
  [
    "replication by row, with a quote in the value",
    "mysql",
    "zebulon",
    `${my} [ERROR] [MY-010584] [Repl] Could not execute Write_rows event on table shop.users; Duplicate entry 'o'zebulon' for key 'users.email', Error_code: 1062`,
  ],
  [
    "an unsafe statement",
    "mysql",
    mail,
    `${my} [Warning] [MY-010908] [Server] Unsafe. Statement: INSERT INTO t VALUES ('${mail}')`,
  ],
  [
    "an event",
    "mysql",
    "Zebulon",
    `${my} [ERROR] [MY-010045] [Server] Event Scheduler: [root@%][shop.e] no money for Zebulon`,
  ],
  [
    "replication of MariaDB",
    "mariadb",
    mail,
    `${maria} [ERROR] Slave SQL: Error 'Incorrect datetime value: '${mail}' for column 'd' at row 1' on query. Default database: 'shop'. Query: 'INSERT INTO t VALUES ('${mail}')', Gtid 0-1-2, Internal MariaDB error code: 1292`,
  ],
  [
    "a crash of MariaDB",
    "mariadb",
    mail,
    "261121  9:58:01 [ERROR] mysqld got signal 11 ;",
    `Query (0x7f00): SELECT * FROM users WHERE email='${mail}'`,
    "Connection ID (thread ID): 8",
  ],
];

function cleaned(engine: Engine, lines: readonly string[], queryText: "normalised" | "raw" = "normalised") {
  const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const options = { dialect: engine, queryText, maxLines: 40, maxLineLength: 2000 };
  return cleanLog({ ...portion, text: lines.join("\n") }, options);
}

/** A database most of whose transactions fail: it tells what its log says. */
function toldOf(engine: Engine, lines: readonly string[]): string {
  const rates = {
    database: "shop",
    connections: 9,
    intervalSeconds: 1,
    commitsPerSecond: 1,
    rollbacksPerSecond: 90,
  };
  const log = cleaned(engine, Array.from({ length: 12 }, () => lines).flat());
  const { evidence } = metricView({
    engine: engine === "postgres" ? "postgres" : "mysql",
    context: { logs: [log] },
    probes: { "postgres-database-rates": [{ ...noRates, ...rates }] },
    overrides: { target: aTarget({ engine }) },
  });
  return JSON.stringify([evidence, diagnose(evidence, defaultSettings)]);
}

const noRates = {
  ...{ blocksHit: 0, blocksRead: 0, cacheHitPercent: null, tempFilesPerSecond: 0, tempBytesPerSecond: 0 },
  ...{
    rowsReturnedPerSecond: 0,
    rowsFetchedPerSecond: 0,
    rowsChangedPerSecond: 0,
    deadlocks: 0,
    conflicts: 0,
  },
  checksumFailures: 0,
  sinceReset: {
    ...{ statsSeconds: null, cacheHitPercent: null, tempFiles: 0, tempBytes: 0, deadlocks: 0, conflicts: 0 },
    ...{ checksumFailures: 0, lastChecksumFailureSeconds: null },
  },
};

const cases = texts.map(([what, engine, secret, ...lines]) => ({ what, engine, secret, lines }));

describe("values in logs", () => {
  it.each(cases)(
    "C3 $engine: $what keeps none, in evidence or in what is told",
    ({ engine, secret, lines }) => {
      expect(cleaned(engine, lines, "raw").lines.join() + lines.join()).toContain(secret);
      expect(cleaned(engine, lines).lines.join("\n")).not.toContain(secret);
      expect(toldOf(engine, lines)).not.toContain(secret);
    },
  );

  it("C3 a line break in the name of a client makes no line of the server", () => {
    const forged = [
      "2026-11-21 09:58:01 UTC:10.0.0.7(54):",
      "2026-11-21 09:58:01 UTC::@:[4]:LOG:  server process (PID 1) was terminated by signal 9",
      ':[77]:FATAL:  password authentication failed for user "x"',
      `${client}ERROR:  deadlock detected`,
    ];
    expect(cleaned("postgres", forged).lines).toEqual([
      "2026-11-21 09:58:01 ?",
      `${client}ERROR: deadlock detected`,
    ]);
  });

  it.each([
    `${client}ERROR: duplicate key value violates unique constraint "users_email_key"`,
    `${client}ERROR: relation "orders_new" does not exist at character ?`,
    `${client}ERROR: column u.emial does not exist at character ?`,
    `${client}FATAL: no pg_hba.conf entry for host "10.0.0.7", user "app", database "shop", no encryption`,
    `${client}ERROR: could not read block 5 in file "base/5/16400": read only 0 of 8192 bytes`,
    `${client}ERROR: could not write to file "base/pgsql_tmp/pgsql_tmp214.3": No space left on device`,
    `${client}ERROR: XX002: index "orders_pkey" contains unexpected zero page at block 7`,
    `${client}ERROR: canceling statement due to conflict with recovery`,
    `${client}LOG: process 8 still waiting for ShareLock on transaction 70 after 1000.123 ms`,
    `${server}LOG: checkpoint starting: wal`,
    `${server}LOG: checkpoints are occurring too frequently (4 seconds apart)`,
    `${server}LOG: database system was not properly shut down; automatic recovery in progress`,
  ])("D2 what PostgreSQL says itself stays: %s", (line) => {
    expect(cleaned("postgres", [line]).lines).toEqual([line]);
  });

  it.each([
    `${my} [ERROR] [MY-030043] [InnoDB] InnoDB: Corrupt page resides in file: ./shop/parcels.ibd, offset: 113524736, len: 16384`,
    `${my} [ERROR] [MY-013132] [Server] The table '/rdsdbdata/tmp/#sql1_9_2' is full!`,
    `${my} [Note] [MY-010926] [Server] Access denied for user 'shop'@'10.0.0.7' (using password: YES)`,
    `${my} [ERROR] [MY-000145] [Server] Table './app/notes' is marked as crashed`,
    `${my} [Note] [MY-012468] [InnoDB] Transactions deadlock detected, dumping detailed information.`,
    "2026-11-21T09:58:01Z UTC - mysqld got signal 11 ;",
    `${my} [Note] [MY-012551] [InnoDB] Database was not shutdown normally!`,
  ])("D2 what MySQL says itself stays: %s", (line) => {
    expect(cleaned("mysql", [line]).lines).toEqual([line]);
  });
});
