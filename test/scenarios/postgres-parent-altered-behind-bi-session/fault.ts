import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration has the parent of partitions and waits for one of them, which a client without autocommit has read",
  majors: [16],
  thresholds: { idleInTransactionSeconds: 3, manyWaitingSeconds: 2 },
  make: async (stage) => {
    const bi = await onePg(stage, "DBeaver 24.1 - SQLEditor");
    const forgotten = await onePg(stage, "Tableau");
    const migration = await onePg(stage, "liquibase");
    await bi.query(
      `CREATE TABLE support_cases (region text NOT NULL, case_no bigint NOT NULL, opened_at timestamptz NOT NULL, subject text, PRIMARY KEY (region, case_no)) PARTITION BY LIST (region)`,
    );
    for (const region of ["eu", "us", "apac", "latam"]) {
      await bi.query(
        `CREATE TABLE support_cases_${region} PARTITION OF support_cases FOR VALUES IN ('${region}')`,
      );
      await bi.query(
        `INSERT INTO support_cases SELECT '${region}', n, now() - n * interval '1 minute', 'case ' || n FROM generate_series(1, 1500) n`,
      );
    }
    await ordinaryWork(stage);
    // Open for long and idle, but outside of any transaction: it holds nothing.
    await forgotten.query("SELECT count(*) FROM support_cases WHERE region = 'us'");
    const [reader, ddl] = [await pidOf(bi), await pidOf(migration)];
    await bi.query("BEGIN");
    await bi.query("SELECT * FROM support_cases_apac ORDER BY opened_at DESC LIMIT 200");
    stage.leave(migration.query("ALTER TABLE support_cases ADD COLUMN sla_minutes int"));
    await pgWaiting(stage, 1, 1);
    const desks = await stage.pgSessions(stage.number(8, 12), "helpdesk-web");
    for (const [index, desk] of desks.entries()) {
      stage.leave(
        desk.query("SELECT subject FROM support_cases WHERE region = $1 AND case_no = $2", ["eu", index + 1]),
      );
    }
    await pgWaiting(stage, desks.length + 1, 5);
    return { culprits: [reader, ddl] };
  },
});
