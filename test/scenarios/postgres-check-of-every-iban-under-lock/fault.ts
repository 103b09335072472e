import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A release adds a check by a function to a large table and not NOT VALID: every row is tried while nobody may read or write",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 10 },
  make: async (stage) => {
    const [owner, migration] = await stage.pgSessions(2, "Flyway");
    if (owner === undefined || migration === undefined) throw new Error("no session");
    const payments = stage.number(330_000, 360_000);
    await owner.query(`CREATE TABLE bank_codes (code varchar(8) NOT NULL, bank varchar(40) NOT NULL);
      INSERT INTO bank_codes SELECT lpad(n::text, 8, '1'), 'bank ' || n FROM generate_series(1, 4000) n;
      CREATE FUNCTION iban_valid(iban text) RETURNS boolean LANGUAGE plpgsql AS $body$
      DECLARE moved text := substr(iban, 5) || substr(iban, 1, 4); rest int := 0; letter text;
      BEGIN
        FOR place IN 1 .. length(moved) LOOP
          letter := substr(moved, place, 1);
          IF letter BETWEEN '0' AND '9' THEN rest := (rest * 10 + letter::int) % 97;
          ELSE rest := (rest * 100 + ascii(letter) - 55) % 97; END IF;
        END LOOP;
        PERFORM 1 FROM bank_codes WHERE code = substr(iban, 5, 8);
        RETURN FOUND AND rest BETWEEN 0 AND 96;
      END $body$;
      CREATE TABLE payment_orders (id int PRIMARY KEY, iban varchar(34) NOT NULL, amount numeric(12,2) NOT NULL, state varchar(10) NOT NULL);
      INSERT INTO payment_orders SELECT n, 'DE' || lpad((n % 97)::text, 2, '0') || lpad((1 + n % 4000)::text, 8, '1') || lpad(n::text, 10, '0'),
        n % 4000, 'sent' FROM generate_series(1, ${payments}) n`);
    await owner.query("ANALYZE payment_orders, bank_codes");
    await ordinaryWork(stage, 3);
    const { rows } = await migration.query("SELECT pg_backend_pid() AS pid");
    stage.leave(
      migration.query(
        "ALTER TABLE payment_orders ADD CONSTRAINT payment_orders_iban_valid CHECK (iban_valid(iban))",
      ),
    );
    await pause(500);
    const banks = await stage.pgSessions(10, "bank-api");
    for (const [index, bank] of banks.entries()) {
      const sql =
        index % 3 === 0
          ? "UPDATE payment_orders SET state = 'booked' WHERE id = $1"
          : "SELECT state, amount FROM payment_orders WHERE id = $1";
      stage.leave(bank.query(sql, [1 + index * 311]));
    }
    await pause(13_000);
    return { culprits: [rows[0].pid] };
  },
});
