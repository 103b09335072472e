import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

/** The batch has locked all rows but one when it meets the webhook's; whoever wants any of them waits for the batch. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [18],
  title:
    "A webhook forgot its transaction, the nightly renewal waits for its one row, and customers for the renewal",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const webhook = await onePg(stage, "webhooks");
    const renewal = await onePg(stage, "renewals");
    const [portal, ...customers] = await stage.pgSessions(stage.number(10, 14), "customer-portal");
    const support = await onePg(stage, "support-desk");
    if (portal === undefined) throw new Error("no session");
    const last = stage.number(7000, 9000);
    await portal.query(`CREATE TABLE subscriptions (account_code text, plan_code text, status text NOT NULL, renews_on date NOT NULL, seats int NOT NULL, PRIMARY KEY (account_code, plan_code));
      INSERT INTO subscriptions SELECT 'acct-' || n, 'plan-' || n % 5, 'active', current_date, 3 FROM generate_series(1, ${last}) n;
      CREATE TABLE notes (account_code text, written_at timestamptz DEFAULT now(), body text, PRIMARY KEY (account_code, written_at))`);
    await ordinaryWork(stage, 2);
    await support.query("BEGIN");
    await support.query("INSERT INTO notes (account_code, body) VALUES ('acct-12', 'called back')");
    const culprits = [await pidOf(webhook)];
    await webhook.query("BEGIN");
    await webhook.query(
      "UPDATE subscriptions SET status = 'past_due' WHERE account_code = $1 AND plan_code = $2",
      [`acct-${last}`, `plan-${last % 5}`],
    );
    stage.leave(
      renewal.query(
        "UPDATE subscriptions SET renews_on = renews_on + 30 WHERE status = 'active' AND renews_on <= current_date",
      ),
    );
    await pgWaiting(stage, 1, 2);
    for (const [index, customer] of customers.entries()) {
      const account = 10 + index * 13;
      stage.leave(
        customer.query(
          "UPDATE subscriptions SET seats = seats + 1 WHERE account_code = $1 AND plan_code = $2",
          [`acct-${account}`, `plan-${account % 5}`],
        ),
      );
    }
    await pgWaiting(stage, 1 + customers.length, 14);
    return { culprits };
  },
});
