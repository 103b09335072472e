import { labPasswords } from "../../lab/engines/lab-server.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An audit function writes through dblink the row that its own caller has locked: both wait for each other, and no deadlock is ever detected",
  majors: [17, 18],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 10, idleInTransactionSeconds: 6 },
  make: async (stage) => {
    const server = stage.postgres();
    const superuser = await openSession(server, { user: "rdsadmin", applicationName: "set-up" });
    const [desk] = await stage.pgSessions(1, "credit-desk");
    if (desk === undefined) throw new Error("no session");
    await desk.query(`CREATE TABLE credit_limits (account_id int PRIMARY KEY, amount int NOT NULL, audited_at timestamptz);
      INSERT INTO credit_limits SELECT n, 1000 + n % 700, NULL FROM generate_series(1, 6000) n;
      CREATE TABLE limit_audit (id bigserial PRIMARY KEY, account_id int NOT NULL, at timestamptz NOT NULL DEFAULT now())`);
    await desk.query("ANALYZE credit_limits");
    const login = `host=127.0.0.1 port=${server.port} dbname=app user=shop password=${labPasswords.shop} application_name=audit-writer`;
    await superuser.query(`CREATE EXTENSION dblink;
      CREATE FUNCTION audit_limit(account int) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$
        SELECT dblink_exec('${login}', format(
          'INSERT INTO limit_audit (account_id) VALUES (%1$s); UPDATE credit_limits SET audited_at = now() WHERE account_id = %1$s', account))
      $$`);
    await closeAll([superuser]);
    await ordinaryWork(stage, 3);
    // A herring: a sweep over rows of its own that takes its time between two transactions.
    const [sweep] = await stage.pgSessions(1, "limits-sweep");
    await sweep?.query("UPDATE credit_limits SET amount = amount WHERE account_id BETWEEN 5000 AND 5200");
    const account = stage.number(40, 900);
    const { rows } = await desk.query("SELECT pg_backend_pid() AS pid");
    await desk.query("BEGIN");
    await desk.query("UPDATE credit_limits SET amount = amount + 500 WHERE account_id = $1", [account]);
    stage.leave(desk.query("SELECT audit_limit($1)", [account]));
    const far = await waitUntil(
      async () =>
        (
          await sweep?.query(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'audit-writer' AND wait_event_type = 'Lock'",
          )
        )?.rows[0]?.pid as number | undefined,
      { what: "the audit waits for its caller" },
    );
    stage.cleanUp(async () => {
      await sweep?.query("SELECT pg_terminate_backend($1)", [far]);
    });
    const payments = await stage.pgSessions(7, "card-authorizer");
    for (const payment of payments)
      stage.leave(
        payment.query("SELECT amount FROM credit_limits WHERE account_id = $1 FOR NO KEY UPDATE", [account]),
      );
    await pause(14_000);
    return { culprits: [rows[0].pid, far] };
  },
});
