import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Sign-ins compare the e-mail in capitals, as Spring Data's IgnoreCase writes it: the unique index on it serves nobody",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const logins = await stage.mySessions(stage.number(3, 5), "identity-service");
    const [mailer, editor] = await stage.mySessions(2, "newsletter");
    const rows = stage.number(55_000, 75_000);
    const [setup] = logins;
    await setup?.query(
      "CREATE TABLE organisation (id binary(16) PRIMARY KEY, name varchar(80) NOT NULL, plan enum('free', 'team', 'enterprise') NOT NULL)",
    );
    await setup?.query(
      `INSERT INTO organisation SELECT UNHEX(LEFT(SHA2(CONCAT('org', n), 256), 32)), CONCAT('Organisation ', n), 1 + n % 3 FROM ${numbersTo(400)}`,
    );
    await setup?.query(
      "CREATE TABLE member_account (id binary(16) PRIMARY KEY, organisation_id binary(16) NOT NULL, email varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, password_hash char(60) NOT NULL, last_seen datetime(6) NULL, UNIQUE KEY uk_member_email (email), KEY fk_member_organisation (organisation_id))",
    );
    await setup?.query(
      `INSERT INTO member_account SELECT UNHEX(LEFT(SHA2(CONCAT('m', n), 256), 32)), UNHEX(LEFT(SHA2(CONCAT('org', 1 + n % 400), 256), 32)), CONCAT('Person.', n, '@example.org'), REPEAT('x', 60), NOW(6) FROM ${numbersTo(rows)}`,
    );
    await setup?.query("ANALYZE TABLE member_account, organisation");
    await mailer?.query("CREATE TABLE campaign (code varchar(20) PRIMARY KEY, subject varchar(80) NOT NULL)");
    await mailer?.query("INSERT INTO campaign VALUES ('spring', 'a'), ('summer', 'b'), ('autumn', 'c')");
    // Harmless: a subject that somebody is editing, and that nobody else wants.
    await editor?.query("START TRANSACTION");
    await editor?.query("UPDATE campaign SET subject = 'edited' WHERE code = 'summer'");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, logins, 120, async (client, turn) => {
      const email = `person.${1 + ((turn * 7919) % rows)}@EXAMPLE.org`;
      await client.query(
        "select m1_0.id, m1_0.email, m1_0.password_hash, o1_0.id, o1_0.name from member_account m1_0 left join organisation o1_0 on o1_0.id = m1_0.organisation_id where upper(m1_0.email) = upper(?)",
        [email],
      );
      await client.query("update member_account set last_seen = ? where email = ?", [
        "2026-01-01 00:00:00",
        `Person.${1 + ((turn * 7919) % rows)}@example.org`,
      ]);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
