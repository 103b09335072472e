import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { context, reading, trend } from "../support/rds.ts";

const gib = 1024 ** 3;
const free = () => trend("FreeStorageSpace", 12.4 * gib, 8.1 * gib);

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An audit trigger keeps old and new row of every change as documents, nobody ever deletes them, and an import runs: storage runs out",
  tiers: ["immediate", "performance", "health"],
  majors: [15, 16],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE SCHEMA audit");
    await setup.query(
      "CREATE TABLE audit.logged_actions (event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, schema_table text NOT NULL, changed_by text NOT NULL, changed_at timestamptz NOT NULL DEFAULT clock_timestamp(), old_row jsonb, new_row jsonb)",
    );
    await setup.query(
      "CREATE TABLE policies (policy_no text PRIMARY KEY, holder text NOT NULL, premium numeric(10,2) NOT NULL, terms text NOT NULL)",
    );
    await setup.query(
      `INSERT INTO policies SELECT 'P-' || n, 'holder ' || n, n % 900, repeat(md5(n::text), 12) FROM generate_series(1, ${stage.number(9000, 12_000)}) n`,
    );
    // What the years before have left.
    await setup.query(
      "INSERT INTO audit.logged_actions (schema_table, changed_by, old_row, new_row) SELECT 'public.policies', 'import', jsonb_build_object('terms', repeat(md5(n::text), 12)), jsonb_build_object('terms', repeat(md5((n + 1)::text), 12)) FROM generate_series(1, 180000) n",
    );
    await setup.query(
      "CREATE FUNCTION audit.log_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit.logged_actions (schema_table, changed_by, old_row, new_row) VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, session_user, to_jsonb(OLD), to_jsonb(NEW)); RETURN NULL; END $$",
    );
    await setup.query(
      "CREATE TRIGGER policies_audit AFTER UPDATE ON policies FOR EACH ROW EXECUTE FUNCTION audit.log_change()",
    );
    await setup.query("VACUUM ANALYZE");
    await ordinaryWork(stage);
    const importers = await stage.pgSessions(4, "premium-import");
    await keepRunning(stage, importers, 120, async (client, turn) => {
      const keys = Array.from({ length: 25 }, (_, index) => `P-${1 + ((turn * 25 + index) % 9000)}`);
      await client.query("UPDATE policies SET premium = premium * 1.02 WHERE policy_no = ANY ($1)", [keys]);
      await pause(30);
    });
    return { culprits: [] };
  },
  metrics: () => [free()],
  context: () =>
    context({ readings: [reading(free(), "bytes", { day: 41 * gib, week: 60 * gib, capacity: 100 * gib })] }),
});
