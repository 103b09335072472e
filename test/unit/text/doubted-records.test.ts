import { describe, expect, it } from "vitest";
import { doubtedRecords } from "../../../functions/core/text/doubted-records.ts";

const time = "2026-11-21 09:58:01";
const says = (names: string, text: string, process: number = 812) =>
  `${time} UTC:9.9.9.9(4242):${names}:[${process}]:${text}`;
const own = (text: string) => `${time} UTC::@:[412]:${text}`;
const damage = "ERROR:  invalid page in block 5";
/** As a break in both names makes them: the second record claims something, the last has the server's own text. */
const forged = (text: string, between: readonly string[] = [`${time} Z::@:[1]:${damage}`]) => [
  `${time} UTC:9.9.9.9(4242):a@b:[1]:LOG:  x`,
  ...between,
  `${time} Z::@:[812]:${text}`,
];
const many = Array.from({ length: 90 }, (_, at) => `${time} Z::@:[${at}]:${damage} of relation base/1/${at}`);
const doubted = (records: readonly string[], truncated: boolean = false) => [
  ...doubtedRecords(records, truncated),
];

describe("records that a client may have made", () => {
  it.each([
    "LOG:  could not receive data from client: Connection reset by peer",
    "FATAL:  sorry, too many clients already",
    "FATAL:  canceling authentication due to timeout",
    "FATAL:  the database system is starting up",
    "FATAL:  expected SASL response, got message type 88",
    "FATAL:  words that nobody has heard yet",
    "LOG:  words that nobody has heard yet",
    'DETAIL:  Connection matched file "/rdsdbdata/config/pg_hba.conf" line 13: "host all all all scram-sha-256"',
  ])("D7 are doubted before what quotes no name: %s", (text) => {
    expect(doubted(forged(text))).toContain(1);
    expect(doubted([own("LOG:  checkpoint starting: time"), ...forged(text)])).toContain(2);
  });

  /** As many characters of names as may stand before them. */
  it.each([
    ["FATAL:  invalid startup packet layout: expected terminator as last byte", 10_000],
    ["FATAL:  no PostgreSQL user name specified in startup packet", 10_000],
    ['FATAL:  invalid value for parameter "replication": "user "x""', 10_000],
    ['HINT:  Valid values are: "false", 0, "true", 1, "database".', 10_000],
    // Its other 8192 are options that fill the buffer.
    ["LOG:  could not send data to client: Connection reset by peer", 1808],
  ])("D7 are as many as a packet has room for, where names are not cut yet: %s", (text, room) => {
    const some = many.slice(0, Math.floor((room - 250) / `${many[0]}xx`.length));
    const early = own("LOG:  checkpoint starting: time");
    const names = text.includes("no PostgreSQL user") ? "[unknown]@b" : "a@b";
    const [, ...rest] = forged(text, some);
    const records = [says("shop@app", damage, 77), says(names, "LOG:  x", 1), ...rest];
    const found = doubted(records);
    expect(some.length).toBeGreaterThan(15);
    expect(some.every((_, at) => found.includes(at + 2))).toBe(true);
    expect(doubted([early, ...Array.from({ length: 200 }, () => early), ...records])).not.toContain(0);
    const long = Array.from({ length: Math.ceil(room / early.length) }, () => early);
    expect(doubted([says(names, damage, 76), ...long, ...rest])).not.toContain(0);
  });

  const refusals = Array.from({ length: 20 }, (_, at) =>
    says("shop@app", 'FATAL:  password authentication failed for user "shop"', 100 + at),
  );
  const slow = says("shop@app", "LOG:  duration: 1500.1 ms  statement: SELECT 1", 99);
  it.each([
    ["a packet that is cut", "FATAL:  invalid startup packet layout: expected terminator as last byte"],
    ["a scanner", "FATAL:  no PostgreSQL user name specified in startup packet"],
    ["a client that is gone", "LOG:  could not send data to client: Broken pipe"],
  ])(
    "D3 are no refusals and no everyday lines, of which somebody makes as many without: %s",
    (_what, text) => {
      const full = says("shop@app", "FATAL:  sorry, too many clients already", 90);
      const last = says(text.includes("no Postgre") ? "[unknown]@[unknown]" : "shop@app", text, 777);
      // To be refused for want of a slot he would have to take them all, and a packet says so without.
      // Of what was read from its middle on, nobody knows where a packet began.
      expect(doubted([...refusals, slow, full, last])).toEqual(text.includes("packet layout") ? [21] : []);
      expect(doubted([...refusals, slow, full, last], true)).toEqual(text.startsWith("LOG") ? [] : [21]);
    },
  );

  const gone = "LOG:  could not send data to client: Broken pipe";
  const end = "FATAL:  terminating connection due to idle-session timeout";
  const peer = (port: number, text: string, process: number) =>
    `${time} UTC:10.0.0.7(${port}):shop@app:[${process}]:${text}`;
  it("D3 are none before a session that is ended and whose client is gone, unless it may be guessed", () => {
    const before = [peer(41, damage, 71), own("LOG:  checkpoint starting: time")];
    expect(doubted([...before, peer(43, end, 73), peer(43, gone, 73)])).toEqual([]);
    expect(doubted([...before, peer(43, end, 73), slow, peer(43, gone, 73)])).toEqual([]);
    expect(doubted([...before, peer(43, gone, 73)])).toEqual([0]);
    expect(doubted([...before, peer(43, end, 72), peer(43, end, 73), peer(43, gone, 73)])).toContain(0);
    expect(doubted([...before, peer(44, end, 73), peer(43, gone, 73)])).toContain(0);
  });

  it("D3 are none before a scanner, whose user nobody knows: others' names begin otherwise", () => {
    const scanner = says(
      "[unknown]@[unknown]",
      "FATAL:  no PostgreSQL user name specified in startup packet",
      9,
    );
    expect(doubted([says("shop@app", damage, 7), scanner])).toEqual([]);
    expect(doubted([scanner, says("shop@app", damage, 7), scanner])).toEqual([1]);
  });

  it("D7 are doubted where the line that says it does not begin as one", () => {
    const second = `${time} Z::@:[1]:LOG:  x\n:[812]:LOG:  could not receive data from client: Broken pipe`;
    expect(doubted(forged("", [`${time} Z::@:[1]:${damage}`, second]).slice(0, 3))).toContain(1);
    const layout = ":[812]:FATAL:  invalid startup packet layout: expected terminator as last byte";
    const [first = "", ...others] = forged("", many).slice(0, -1);
    const long = `${time} Z::@:[1]:${damage}\n${"x\n".repeat(1500)}${layout}`;
    const found = doubted([first, ...others, long]);
    expect(found).toEqual(expect.arrayContaining([1, 90, 91]));
  });

  it("D7 are doubted where the one who says it lies before the part of a file that was read", () => {
    const [, claim = "", last = ""] = forged("FATAL:  sorry, too many clients already");
    expect(doubted([claim, last], true)).toEqual([0]);
    expect(doubted([claim, last])).toEqual([]);
  });

  const whole = "ERROR:  invalid page in block 5 of relation base/16400/16412";
  const statement = "STATEMENT:  SELECT count(*) FROM orders";
  const reset = "LOG:  could not receive data from client: Connection reset by peer";
  it.each([
    [
      "a session's damage",
      [says("shop@app", whole), says("shop@app", statement), says("shop@app", reset, 9)],
    ],
    ["the server's own", [own(whole), says("[unknown]@[unknown]", reset, 9)]],
    ["a health check behind damage", [says("shop@app", whole), says("[unknown]@[unknown]", reset, 9)]],
    [
      "a scanner",
      [
        own(whole),
        says("[unknown]@[unknown]", "LOG:  incomplete startup packet"),
        own("LOG:  shutting down"),
      ],
    ],
    [
      "a crash, and who knocks meanwhile",
      [
        says("shop@app", "FATAL:  the database system is in recovery mode", 7),
        own("LOG:  server process (PID 812) was terminated by signal 9: Killed"),
        says("shop@app", "FATAL:  the database system is in recovery mode", 8),
        own("LOG:  database system was interrupted; last known up at 2026-11-21 09:55:01 UTC"),
      ],
    ],
    [
      "refused clients, and sign-ins that take too long",
      [1, 3, 5].flatMap((process) => [
        says("shop@app", "FATAL:  sorry, too many clients already", process),
        says("shop@app", "FATAL:  canceling authentication due to timeout", process + 1),
      ]),
    ],
    [
      "a deadlock with what belongs to it",
      [
        says("shop@app", "ERROR:  deadlock detected"),
        says("shop@app", "DETAIL:  Process 7 waits for ShareLock on transaction 12; blocked by process 9."),
        says("shop@app", "CONTEXT:  while updating tuple (0,1)"),
      ],
    ],
    [
      "a session whose client went away within its statement",
      [
        says("shop@app", damage, 7),
        says("shop@app", "LOG:  could not send data to client: Broken pipe"),
        says("shop@app", statement),
      ],
    ],
    [
      "a refused password with its detail",
      [
        says("shop@app", 'FATAL:  password authentication failed for user "shop"'),
        says("shop@app", 'DETAIL:  Connection matched file "pg_hba.conf" line 13: "host all all all md5"'),
      ],
    ],
  ])("D7 are none where no name has room for them: %s", (_what, records) => {
    expect(doubted(records)).toEqual([]);
  });

  it("D7 are none where another line says the same that nobody doubts", () => {
    const proof = own(`${damage}  `.trim());
    expect(doubted([proof, own("LOG:  checkpoint starting: time"), ...forged(reset)])).not.toContain(3);
    // Of a whole packet as many as somebody likes: they are not counted even so.
    const layout = "FATAL:  invalid startup packet layout: expected terminator as last byte";
    const early = Array.from({ length: 200 }, () => own("LOG:  checkpoint starting: time"));
    expect(doubted([proof, ...early, ...forged(layout)])).toContain(202);
  });

  it("D7 are a CONTEXT as well, which would make a message an application's own", () => {
    const context = `${time} Z:1(1):a@b:[7]:CONTEXT:  f() LINE 1: `;
    expect(doubted(forged("FATAL:  sorry, too many clients already", [context]))).toContain(1);
  });

  it("takes the time of its text, whatever it holds", () => {
    const texts = [
      "x".repeat(120_000),
      `${":[1]:".repeat(20_000)}`,
      `${time} UTC:9.9.9.9(1):${"a:".repeat(50_000)}`,
    ];
    const began = performance.now();
    for (const text of texts) doubted([own(damage), `${own("LOG:  x")}\n${text}`, says("a@b", text), text]);
    doubted(Array.from({ length: 2000 }, () => says("a@b", "DETAIL:  x")));
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
