import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Each callback looks its event up by a key inside a JSON column that no index covers",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  make: async (stage) => {
    await ordinaryWork(stage);
    const table = `${stage.table()}_events`;
    const callbacks = await stage.pgSessions(5, stage.application());
    const owner = await onePg(stage, "deploy");
    await owner.query(
      `CREATE TABLE ${table} (id bigserial PRIMARY KEY, received_at timestamptz NOT NULL, payload jsonb NOT NULL)`,
    );
    const rows = stage.number(170_000, 200_000);
    await owner.query(
      `INSERT INTO ${table} (received_at, payload)
      SELECT now() - g * interval '3 seconds', jsonb_build_object('ref', 'pay_' || g, 'kind', 'charge.settled',
        'amount', g % 9000, 'customer', md5(g::text)) FROM generate_series(1, ${rows}) g`,
    );
    await owner.query(`CREATE INDEX ON ${table} (received_at)`);
    await owner.query(`ANALYZE ${table}`);
    const sql = `SELECT id, payload FROM ${table} WHERE payload->>'ref' = $1`;
    await keepRunning(stage, callbacks, 80, async (session, turn) => {
      await session.query(sql, [`pay_${1 + ((turn * 7919) % rows)}`]);
    });
    return { culprits: [] };
  },
});
