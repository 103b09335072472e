import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** CREATE TRIGGER takes SHARE ROW EXCLUSIVE: those who read go on, those who write queue behind it. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title:
    "A release puts an audit trigger on the entries while their settlement runs: it waits for the batch, whoever posts waits for it",
  thresholds: { idleInTransactionSeconds: 4, manyWaitingSeconds: 2 },
  make: async (stage) => {
    const settlement = await onePg(stage, "settlement-batch");
    await settlement.query(
      "CREATE TABLE ledger_entries (merchant_code varchar(12), entry_no bigint, booked_on date NOT NULL, cents bigint NOT NULL, settled boolean NOT NULL DEFAULT false, PRIMARY KEY (merchant_code, entry_no))",
    );
    await settlement.query("CREATE TABLE audit_rows (at timestamptz NOT NULL, what jsonb NOT NULL)");
    await settlement.query(
      "CREATE FUNCTION audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit_rows VALUES (now(), to_jsonb(NEW)); RETURN NEW; END $$",
    );
    await settlement.query(
      "INSERT INTO ledger_entries SELECT 'M' || n % 40, n, current_date - n % 30, n % 9000 FROM generate_series(1, 20000) n",
    );
    await ordinaryWork(stage);
    const statements = await stage.pgSessions(3, "statements-web");
    await keepRunning(stage, statements, 20, async (client, turn) => {
      await client.query("SELECT sum(cents) FROM ledger_entries WHERE merchant_code = $1", [`M${turn % 40}`]);
      await pause(60);
    });
    // An analyst has a transaction open on something else: nobody waits for it.
    const analyst = await onePg(stage, "tableau-desktop");
    await analyst.query("BEGIN");
    await analyst.query("SELECT count(*) FROM audit_rows");
    await settlement.query("BEGIN");
    stage.leave(
      settlement.query(`DO $$ DECLARE each record; BEGIN
        FOR each IN SELECT merchant_code, entry_no FROM ledger_entries WHERE merchant_code < 'M3' LOOP
          UPDATE ledger_entries SET settled = true WHERE merchant_code = each.merchant_code AND entry_no = each.entry_no;
          PERFORM pg_sleep(0.02);
        END LOOP; END $$`),
    );
    await pause(1500);
    const release = await onePg(stage, "release-runner");
    const culprit = await pidOf(release);
    stage.leave(
      release.query(
        "CREATE TRIGGER audit_ledger_entries AFTER INSERT OR UPDATE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION audit_entry()",
      ),
    );
    await pause(500);
    const posting = await stage.pgSessions(stage.number(5, 8), "posting-api");
    for (const [index, client] of posting.entries()) {
      stage.leave(
        client.query("INSERT INTO ledger_entries VALUES ($1, $2, current_date, 1990)", [
          `M${index}`,
          1_000_000 + index,
        ]),
      );
    }
    await pgWaiting(stage, posting.length + 1, 6);
    return { culprits: [culprit] };
  },
});
