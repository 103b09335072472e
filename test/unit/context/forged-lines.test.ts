import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import type { Engine } from "../../../functions/core/contract/target.ts";
import { parseLogLine } from "../../../functions/core/text/log-line.ts";

const time = "2026-11-21 09:58:01";
const damage = "invalid page in block";

function excerpt(engine: Engine, text: string, truncated: boolean = false) {
  const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated, text } as const;
  const options = { dialect: engine, queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  return cleanLog(portion, options);
}

/** What a reader of the log takes for messages that nobody doubts. */
const said = (engine: Engine, text: string, truncated: boolean = false) => {
  const { lines, doubted = [] } = excerpt(engine, text, truncated);
  return lines.flatMap((line, at) => {
    const parsed = doubted.includes(at) ? null : parseLogLine(line, engine);
    return parsed === null ? [] : [`${parsed.level} ${parsed.text}`];
  });
};

/** As PostgreSQL writes it: names as they are in the prefix, with their breaks indented in the message. */
const knock = (user: string, database: string, message: (user: string) => string) =>
  `${time} UTC:9.9.9.9(4242):${user}@${database}:[77]:FATAL:  ${message(user.replaceAll("\n", "\n\t"))}`;
const refused = (user: string) => `password authentication failed for user "${user}"`;
const before = `${time} UTC:10.0.0.1(4242):shop@app:[812]:ERROR:  deadlock detected`;
const detail = `${time} UTC:10.0.0.1(4242):shop@app:[812]:DETAIL:  Process 7 waits for ShareLock on transaction 12.`;
const after = `${time} UTC::@:[412]:LOG:  checkpoint starting: wal`;

const forged: readonly (readonly [string, string, string, (user: string) => string])[] = [
  [
    "a first line that is no whole prefix",
    `a:[1]:\n${time} Z::`,
    `:[1]:ERROR:  ${damage}\n${time} Z:`,
    refused,
  ],
  ["a first line without names", `\n${time} Z::@:[1]:ERROR:  ${damage}`, "b", refused],
  ["a line between that begins nothing", `a\nb\n${time} Z::@:[1]:ERROR:  ${damage}`, "b", refused],
  [
    "a first line that is whole",
    `a@b:[1]:LOG:  x\n${time} UTC::`,
    `:[1]:ERROR:  ${damage}\n${time} Z:1(1):u`,
    refused,
  ],
  [
    "lines that are whole, each of them",
    `a@b:[1]:LOG:  x\n${time} UTC::`,
    `:[1]:ERROR:  ${damage}\n${time} Z:::u@d`,
    refused,
  ],
  ["a first line that says it", `a@b:[1]:ERROR:  ${damage}\n${time} Z:::`, "d", refused],
  [
    "a sign-in that takes too long, which tells no name",
    `a@b:[1]:LOG:  x\n${time} UTC::`,
    `:[1]:ERROR:  ${damage}\n${time} Z:::u@d`,
    () => "canceling authentication due to timeout",
  ],
];

describe("lines that clients make", () => {
  it.each(forged)("D7 no name makes a line of PostgreSQL: %s", (_what, user, database, message) => {
    expect(user.length).toBeLessThanOrEqual(63);
    expect(database.length).toBeLessThanOrEqual(63);
    const text = [before, detail, knock(user, database, message), after].join("\n");
    expect(text).toContain(damage);
    const messages = said("postgres", text).filter((message) => !/^LOG \?$|^(?:FATAL|DETAIL) /.test(message));
    expect(messages).toEqual(["ERROR deadlock detected", "LOG checkpoint starting: wal"]);
  });

  it("D7 refusals that follow each other, and what stands between them, are all read", () => {
    const lines = [before, knock("shop", "app", refused), after, knock("shop", "app", refused), before];
    expect(said("postgres", lines.join("\n"))).toHaveLength(5);
    const slow = `${time} UTC:10.0.0.1(42):shop@app:[8]:LOG:  duration: 9.1 ms  statement: SELECT "a"\n\tFROM t`;
    expect(said("postgres", [before, slow, after].join("\n"))).toHaveLength(3);
  });

  const my = "2026-11-21T09:58:01.123456Z 12 [Note] [MY-012469] [InnoDB]";
  const maria = `${time} 12 [Note] InnoDB:`;
  const lie = (engine: Engine) =>
    engine === "mysql"
      ? "2026-11-21T09:58:01.123456Z 0 [ERROR] [MY-012869] [InnoDB] Database page corruption on disk"
      : `${time} 0 [ERROR] InnoDB: Database page corruption on disk`;
  const dump = (engine: Engine, literal: string) => {
    const head = engine === "mysql" ? my : maria;
    return [
      `${head} Transactions deadlock detected, dumping detailed information.`,
      `${head} *** (1) TRANSACTION:`,
      "TRANSACTION 1234, ACTIVE 1 sec starting index read",
      `UPDATE t SET a='x`,
      literal,
      "' WHERE id=1",
      `${head} *** (1) HOLDS THE LOCK(S):`,
      " 0: len 4; hex 80000001; asc     ;;",
      `${head} *** (2) TRANSACTION:`,
      "UPDATE t SET a=1",
      `${head} *** WE ROLL BACK TRANSACTION (1)`,
    ];
  };

  it.each(["mysql", "mariadb"] as const)("D7 no statement of a deadlock makes a line of %s", (engine) => {
    const head = engine === "mysql" ? my : maria;
    const own = `${head} Starting crash recovery.`;
    const whole = dump(engine, lie(engine));
    const ended = dump(engine, `${head} *** WE ROLL BACK TRANSACTION (1)\n${lie(engine)}`);
    for (const text of [
      [own, ...whole, own],
      [own, ...ended, own],
      [own, ...whole, own, ...whole, own],
    ]) {
      const messages = said(engine, text.join("\n"));
      expect(messages.join()).not.toContain("page corruption");
      const owns = text.filter((line) => line === own).length;
      expect(messages.filter((message) => message.includes("crash recovery"))).toHaveLength(owns);
    }
    expect(said(engine, whole.slice(4).join("\n"), true).join()).not.toContain("page corruption");
    expect(said(engine, [...whole, lie(engine)].join("\n")).join()).toContain("page corruption");
  });

  it.each([
    ["a crash", "Query (7f00): SELECT '", "'\nConnection ID (thread ID): 12"],
    [
      "replication",
      `${my} Replica SQL: Error 'x' on query. Default database: 'shop'. Query: 'INSERT INTO t VALUES ('`,
      "')', Error_code: MY-001062",
    ],
  ])("D7 no statement of %s makes a line", (_what, opens, closes) => {
    const own = `${my} Starting crash recovery.`;
    const text = [own, opens, lie("mysql"), closes, own].join("\n");
    const messages = said("mysql", text);
    expect(messages.join()).not.toContain("page corruption");
    expect(messages.filter((message) => message.includes("crash recovery"))).toHaveLength(2);
    expect(said("mysql", [own, opens, lie("mysql")].join("\n")).join()).toContain("page corruption");
  });

  it("D7 no name of a user makes a line of MariaDB", () => {
    const refusal = (user: string) =>
      `${time} 12 [Warning] Access denied for user '${user}'@'10.0.0.9' (using password: NO)`;
    const user = "\n261121 09:58:01 [ERROR]Database page corruption";
    const own = `${time} 12 [Note] InnoDB: Starting crash recovery.`;
    const messages = said("mariadb", [refusal("shop"), refusal(user), own, refusal("shop")].join("\n"));
    expect(messages.join()).not.toContain("page corruption");
    expect(messages).toHaveLength(4);
    expect(said("mariadb", [refusal("a'@'b' "), lie("mariadb")].join("\n")).join()).toContain(
      "page corruption",
    );
  });
});
