import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The rollout of an audit trigger waits for a correction that was left open, and every writer of policies behind it",
  majors: [14],
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 10, idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const correction = await onePg(stage, "DBeaver 25.1 - Main");
    const rollout = await onePg(stage, "audit-rollout");
    const writers = await stage.pgSessions(stage.number(5, 8), stage.application());
    const readers = await stage.pgSessions(2, stage.application());
    await rollout.query(
      "CREATE TABLE policies (policy_no varchar(16) PRIMARY KEY, holder_id bigint NOT NULL, premium numeric(10,2) NOT NULL, renewed_at timestamptz)",
    );
    await rollout.query(
      "INSERT INTO policies SELECT 'P-' || n, n % 900, 40 + n % 200, NULL FROM generate_series(1, 5000) n",
    );
    await rollout.query(
      "CREATE TABLE policy_audit (at timestamptz DEFAULT now(), policy_no text, was jsonb)",
    );
    await rollout.query(
      "CREATE FUNCTION audit_policy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO policy_audit (policy_no, was) VALUES (OLD.policy_no, to_jsonb(OLD)); RETURN NEW; END $$",
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, readers, 20, async (client, turn) => {
      await client.query("SELECT premium FROM policies WHERE policy_no = $1", [`P-${1 + (turn % 5000)}`]);
      await pause(30);
    });
    const ids = [await pidOf(correction), await pidOf(rollout)];
    await correction.query("BEGIN");
    await correction.query("UPDATE policies SET premium = 61.5 WHERE policy_no = 'P-4711'");
    await pause(4000);
    stage.leave(
      rollout.query(
        "CREATE TRIGGER policies_audited AFTER UPDATE ON policies FOR EACH ROW EXECUTE FUNCTION audit_policy()",
      ),
    );
    await pause(1500);
    for (const [index, client] of writers.entries()) {
      stage.leave(
        client.query("UPDATE policies SET renewed_at = now() WHERE policy_no = $1", [`P-${index * 31 + 1}`]),
      );
      await pause(500);
    }
    await pgWaiting(stage, 1 + writers.length, 12);
    return { culprits: ids };
  },
});
