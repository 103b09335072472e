import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An ORM asks whether an address is taken and compares byte by byte: the unique index in the column's collation is of no use",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const signups = await stage.mySessions(stage.number(3, 5), "signup");
    const members = stage.number(80_000, 95_000);
    const [setup] = signups;
    await setup?.query(
      "CREATE TABLE members (account_no smallint unsigned NOT NULL, member_no int unsigned NOT NULL, email varchar(190) NOT NULL, nick varchar(60) NOT NULL, joined_at datetime(3) NOT NULL, PRIMARY KEY (account_no, member_no), UNIQUE KEY one_email (email))",
    );
    await setup?.query(
      `INSERT INTO members SELECT n % 70, n, CONCAT('Member', n, '@mail', n % 17, '.example'), REPEAT('n', 40), '2026-01-01' + INTERVAL n MINUTE FROM ${numbersTo(members)}`,
    );
    await setup?.query("ANALYZE TABLE members");
    await ordinaryWork(stage, 3);
    // Beside: members who sign in are found by the same column, by its index.
    const [login] = await stage.mySessions(1, "login");
    if (login === undefined) throw new Error("no session");
    // Harmless: a newsletter between two of its addresses.
    const newsletter = await oneMy(stage, "newsletter");
    await newsletter.query("CREATE TABLE sent_letters (letter_no int PRIMARY KEY, email varchar(190))");
    await newsletter.query("START TRANSACTION");
    await newsletter.query("INSERT INTO sent_letters VALUES (1, 'a@mail.example')");
    await keepRunning(stage, [login], 40, (session, turn) =>
      session.query("SELECT `members`.* FROM `members` WHERE `members`.`email` = ? LIMIT 1", [
        `Member${1 + turn}@mail${(1 + turn) % 17}.example`,
      ]),
    );
    await keepRunning(stage, signups, 100, (session, turn) =>
      session.query(
        `SELECT 1 AS one FROM \`members\` WHERE BINARY \`members\`.\`email\` = 'New${turn}@mail.example' LIMIT 1`,
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(92)],
});
