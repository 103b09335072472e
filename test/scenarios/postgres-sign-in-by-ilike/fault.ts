import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A release asks for an account by email ILIKE: the unique index on lower(email) cannot answer it, and every sign-in reads all accounts",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "setup");
    if (owner === undefined) throw new Error("no session");
    const accounts = stage.number(420_000, 480_000);
    await owner.query(`CREATE TABLE accounts (id int PRIMARY KEY, email varchar(80) NOT NULL, password_hash varchar(80) NOT NULL, active boolean NOT NULL);
      INSERT INTO accounts SELECT n, 'Guest.' || md5(n::text) || '@example.org', md5((n * 7)::text) || md5(n::text), true
        FROM generate_series(1, ${accounts}) n;
      CREATE UNIQUE INDEX accounts_email_once ON accounts (lower(email))`);
    await owner.query("VACUUM (ANALYZE) accounts");
    await ordinaryWork(stage, 3);
    // A herring: what asks as it always did is quick.
    const old = await stage.pgSessions(2, "profile-api");
    await keepRunning(stage, old, 20, async (client, turn) => {
      await client.query("SELECT id, active FROM accounts WHERE id = $1", [1 + (turn % 9000)]);
      await pause(30);
    });
    const clients = await stage.pgSessions(6, "sign-in");
    await keepRunning(stage, clients, 60, async (client, turn) => {
      const { rows } = await client.query("SELECT md5($1::text) AS code", [accounts - (turn % 5000)]);
      await client.query("SELECT id, password_hash FROM accounts WHERE email ILIKE $1 AND active", [
        `guest.${rows[0].code}@example.org`,
      ]);
      await pause(200);
    });
    return { culprits: [] };
  },
});
