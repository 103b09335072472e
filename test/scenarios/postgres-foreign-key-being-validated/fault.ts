import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A release validates a constraint that it added NOT VALID; readers and writers of the table go on",
  make: async (stage) => {
    const table = stage.table();
    const migration = await onePg(stage, "flyway");
    await migration.query(`CREATE TABLE ${table} (id int PRIMARY KEY, amount int NOT NULL)`);
    await migration.query(`INSERT INTO ${table} SELECT n, n FROM generate_series(1, 20000) n`);
    // Rows that are already there take long to check; what is written now does not.
    await migration.query(
      `CREATE FUNCTION ${table}_fits(n int) RETURNS boolean LANGUAGE plpgsql AS
       $$ DECLARE i int := 0; BEGIN IF n > 0 THEN WHILE i < 20000 LOOP i := i + 1; END LOOP; END IF; RETURN true; END $$`,
    );
    await migration.query(
      `ALTER TABLE ${table} ADD CONSTRAINT ${table}_amount_fits CHECK (${table}_fits(amount)) NOT VALID`,
    );
    await ordinaryWork(stage);
    const clients = await stage.pgSessions(5, stage.application());
    stage.leave(migration.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${table}_amount_fits`));
    await keepRunning(stage, clients, 800, async (client, turn) => {
      const id = 1 + (turn % 20_000);
      await client.query(`SELECT amount FROM ${table} WHERE id = $1`, [id]);
      if (turn % 4 === 0) await client.query(`UPDATE ${table} SET amount = -1 WHERE id = $1`, [id]);
      await pause(20);
    });
    return { culprits: [] };
  },
});
