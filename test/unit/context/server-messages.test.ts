import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { hideValues } from "../../../functions/core/context/hide-log-values.ts";
import type { Engine } from "../../../functions/core/contract/target.ts";
import { mysqlMessagesSampled, postgresMessagesSampled } from "../../support/phrases/sampled-messages.ts";

const own = "2026-11-21 09:58:01 UTC::@:[412]:";
const client = "2026-11-21 09:58:01 UTC:10.0.0.7(54):app@shop:[7]:";
const my = "2026-11-21T09:58:01.123456Z 12 [ERROR] [MY-013183] [InnoDB] ";

const placeholder =
  /%(?:\d+\$)?[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*)?)?(?:hh|h|ll|l|z|j|t|L)?([diouxXeEfgGcspmTMSbQ%])(?:`?s)?/g;

/** As the server would write it, of a customer's name and of numbers. */
function filled(message: string): string {
  return message.replace(placeholder, (_all, kind: string) => {
    if (kind === "%") return "%";
    if (/[mM]/.test(kind)) return "No space left on device";
    return /[diuxXoeEfgG]/.test(kind) ? "4711" : "zebulon";
  });
}

/** Without what is put in, and what is in quotes, which may be a name. */
function wordsOf(text: string): readonly string[] {
  const plain = text.replaceAll(/"[^"]*"|'(?![ts]\b)[^']*'|`[^`]*`/g, " ");
  return (plain.match(/\p{L}[\p{L}\p{N}_$]*/gu) ?? []).filter((word) => word !== "zebulon");
}

function cleaned(engine: Engine, ...lines: readonly string[]): readonly string[] {
  const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const options = { dialect: engine, queryText: "normalised", maxLines: 40, maxLineLength: 2000 } as const;
  return cleanLog({ ...portion, text: lines.join("\n") }, options).lines;
}

describe("what the servers say themselves", () => {
  it.each(postgresMessagesSampled)("D2 keeps its own words: %s", (message) => {
    const line = filled(message);
    const [kept = ""] = cleaned("postgres", `${client}ERROR:  ${line}`);
    expect(wordsOf(kept.slice(client.length))).toEqual(["ERROR", ...wordsOf(line)]);
    expect(kept.replaceAll(/"[^"]*"/g, "")).not.toContain("zebulon");
  });

  it.each(mysqlMessagesSampled)("D2 keeps its own words: %s", (message) => {
    const line = filled(message);
    const kept = cleaned("mysql", my + line).join("\n");
    expect(wordsOf(kept.slice(my.length))).toEqual(wordsOf(line));
  });

  it.each([
    `${client}ERROR: multixact "members" limit exceeded`,
    `${client}DETAIL: This command would create a multixact with 2 members, but the remaining space is only enough for 0 members.`,
    `${client}WARNING: database with OID 16401 must be vacuumed before 88211 more multixact members are used`,
    `${client}WARNING: database "shop" must be vacuumed within 9123456 transactions`,
    `${client}WARNING: NOTIFY queue is 98% full`,
    `${client}DETAIL: The server process with PID 8817 is among those with the oldest transactions.`,
    `${client}HINT: The NOTIFY queue cannot be emptied until that process ends its current transaction.`,
    `${own}DETAIL: max_connections = 800 is a lower setting than on the primary server, where its value was 1200.`,
    `${own}DETAIL: If recovery is unpaused, the server will shut down.`,
  ])("D2 keeps the numbers that it counts: %s", (line) => {
    expect(cleaned("postgres", line)).toEqual([line]);
  });

  it("D2 keeps what Aurora says of a reader", () => {
    const line = `${my}Read Replica has fallen behind the master too much. Restarting MySQL`;
    expect(cleaned("mysql", line)).toEqual([line]);
  });
});

/** What an application says, in any language, where nothing but its words tells that it does. */
const privateTexts = [
  "no money left for Zebulon Mustermann",
  "patient Mustermann tested positive for HIV",
  "positive test result",
  "Anna Schmidt is pregnant, leave until 2027",
  "salary of employee 4711 was raised to 98000",
  "the total of the account was 4711",
  "value was 4711",
  "its value was 4711",
  "customer 4711 has 12 members in his family",
  "divorced",
  "members",
  "the black white woman of Paris",
  "transfer of 1200 EUR to Zebulon refused",
  "card 4929001122334455 was refused",
  "call 030 1234567 before 12 more orders",
  "born 1987-04-12 in Berlin",
  "date field value out of range: 1987-13-45",
  "Key (status)=(divorced) already exists.",
  "Failing row contains (17, Zebulon, logical, active, 4711).",
  'COPY users, line 3, column family: "members"',
  'COPY users, line 3: "7\tlogical\treplica"',
  'invalid input value for enum family: "members"',
  'duplicate key value violates unique constraint "x", "logical"',
  "Mitglied Mustermann hat 4711 Euro Schulden, religion katholisch",
  "患者 山田太郎 4711 陽性",
  "Le patient Dupont a 4711 euros de dettes",
  "Der fehlgeschlagene Prozess führte aus: INSERT INTO t VALUES ('members')",
  "mail zebulon@quux.example was not accepted",
  "ward 7, bed 12: heart attack, wait for doctor",
  "password is hunter2, secret is members",
  "user 'logical' with secret 'members'",
  "prayer group: member Zebulon moved to mosque",
  "IBAN DE02120300000000202051 blocked",
  "order 4711-0815 of 12.04.1987 cancelled",
  "member: Zebulon / status: sick / since: 12",
  "Number 4929001122 is already used by another client",
  "account number 4111111111 is not valid and was rejected",
  "user with id 4111111111 is not active",
  "pin code 471112 has expired, request a new one",
  "user age is 17 but minimum is 18",
];

describe("what an application says", () => {
  it.each(privateTexts)("C3 says no more by the phrases of the servers: %s", (text) => {
    const options = { names: true, numbers: false };
    const before = hideValues(text, { ...options, phrases: false });
    expect(hideValues(text, { ...options, phrases: true })).toBe(before);
  });

  it.each([
    [
      `${client}ERROR:  the NOTIFY queue has paused`,
      `${client}CONTEXT:  PL/pgSQL function f() line 3 at RAISE`,
    ],
    [`${client}ERROR:  P0001: the NOTIFY queue has paused`],
  ])("C3 what RAISE says is its own, whatever it says", (...lines) => {
    expect(cleaned("postgres", ...lines)[0]).toMatch(/ERROR: (?:P0001: )?the \? has \?$/);
  });

  it.each([
    "Event Scheduler: [root@%][shop.e] the member has fallen behind with 12 members",
    "Replica SQL for channel '': Error 'the member has fallen behind with 12 members' on query. Default database: 'shop'.",
    "Could not execute Write_rows event on table shop.t; the member has fallen behind with 12 members, Error_code: 1644",
  ])("C3 what SIGNAL says is its own: %s", (line) => {
    const [kept = ""] = cleaned("mysql", my + line);
    expect(kept.slice(my.length)).not.toMatch(/fallen|member|12/);
  });

  it.each([
    "Key (lower(status))=(member of the union) already exists.",
    "Partition key of the failing row contains (status) = (member of the union).",
    "Key ((number::text), id)=(code 471112 is wrong, 4711) already exists.",
  ])("C3 a row's values are none of the server's words: %s", (detail) => {
    const [, kept = ""] = cleaned(
      "postgres",
      `${client}ERROR:  no partition of relation "t"`,
      `${client}DETAIL:  ${detail}`,
    );
    expect(kept).not.toMatch(/member|471112/);
  });

  it("C3 a job's answer that pg_cron passes on is the job's", () => {
    const [kept = ""] = cleaned("postgres", `${own}LOG:  cron job 4: ERROR: member 471112 has fallen behind`);
    expect(kept).not.toMatch(/member|471112|fallen/);
  });

  it("C3 a hostile text costs time in proportion to its length", () => {
    const texts = ["multixact ", "1 with ", '"a', "'", "the queue is ", "= 1 "];
    const seconds = (text: string) => {
      const started = performance.now();
      hideValues(text, { names: true, numbers: false, phrases: true });
      return performance.now() - started;
    };
    for (const text of texts) expect(seconds(text.repeat(10_000 / text.length))).toBeLessThan(500);
  });
});
