import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A row security policy calls a function, which looks into the members once for every row of the table",
  tiers: ["immediate", "performance"],
  majors: [18],
  make: async (stage) => {
    const [docs, members, zones] = [stage.table(), stage.table(), stage.table()];
    const admin = await openSession(stage.postgres());
    const rows = stage.number(30_000, 45_000);
    try {
      await admin.query(`CREATE TABLE ${members} (team_id int, login text, PRIMARY KEY (team_id, login))`);
      await admin.query(
        `INSERT INTO ${members} SELECT n, 'shop' FROM generate_series(1, 400) n WHERE n % 3 > 0`,
      );
      await admin.query(
        `CREATE TABLE ${docs} (id int PRIMARY KEY, team_id int NOT NULL, archived boolean NOT NULL, title text)`,
      );
      await admin.query(
        `INSERT INTO ${docs} SELECT n, 1 + n % 400, n % 20 = 0, 'title ' || n FROM generate_series(1, ${rows}) n`,
      );
      await admin.query(`CREATE INDEX ON ${docs} (team_id)`);
      await admin.query(
        `CREATE FUNCTION may_read(team int) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN RETURN EXISTS (SELECT FROM ${members} WHERE team_id = team AND login = session_user); END $$`,
      );
      await admin.query(`ALTER TABLE ${docs} ENABLE ROW LEVEL SECURITY`);
      await admin.query(`CREATE POLICY own_teams ON ${docs} FOR SELECT USING (may_read(team_id))`);
      await admin.query(`GRANT SELECT ON ${docs} TO shop`);
      // Read whole, and rightly: it is small.
      await admin.query(`CREATE TABLE ${zones} (code int, name text)`);
      await admin.query(`INSERT INTO ${zones} SELECT n, 'zone ' || n FROM generate_series(1, 120) n`);
      await admin.query(`GRANT SELECT ON ${zones} TO shop`);
      await admin.query(`ANALYZE ${docs}, ${members}, ${zones}`);
    } finally {
      await admin.end();
    }
    const clients = await stage.pgSessions(stage.number(3, 4), stage.application());
    const pages = await stage.pgSessions(1, stage.application());
    await ordinaryWork(stage, 2);
    await keepRunning(stage, pages, 40, async (client, turn) => {
      await client.query(`SELECT name FROM ${zones} WHERE code = $1`, [turn % 120]);
      await new Promise((resolve) => setTimeout(resolve, 15));
    });
    await keepRunning(stage, clients, 30, (client) =>
      client.query(`SELECT count(*) FROM ${docs} WHERE NOT archived`),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(94)],
});
