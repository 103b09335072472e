import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A subscription applies what comes, and has a few errors behind it that somebody mended: nothing is wrong",
  tiers: ["immediate", "performance"],
  majors: [15, 16, 17, 18],
  server: { settings: { wal_level: "logical", wal_retrieve_retry_interval: "300ms" } },
  make: async (stage) => {
    const { adminUrl, port } = stage.postgres();
    const table = stage.table();
    const here = new Client({ connectionString: adminUrl });
    await here.connect();
    stage.cleanUp(() => here.end());
    await here.query("CREATE DATABASE upstream");
    const there = new Client({ connectionString: labUrl("postgres", port, "rdsadmin", "upstream") });
    await there.connect();
    stage.cleanUp(() => there.end());
    const create = `CREATE TABLE ${table} (id int PRIMARY KEY, n int)`;
    await there.query(create);
    await there.query(`CREATE PUBLICATION ${table}_feed FOR TABLE ${table}`);
    await there.query(`SELECT pg_create_logical_replication_slot('${table}_feed', 'pgoutput')`);
    await here.query(create);
    await here.query(`GRANT ALL ON ${table} TO shop`);
    await here.query(`INSERT INTO ${table} VALUES (7, 0)`);
    const source = labUrl("postgres", port, "rdsadmin", "upstream");
    await here.query(
      `CREATE SUBSCRIPTION ${table}_feed CONNECTION '${source}' PUBLICATION ${table}_feed
       WITH (create_slot = false, slot_name = '${table}_feed', copy_data = false)`,
    );
    await there.query(`INSERT INTO ${table} SELECT n, n FROM generate_series(1, 400) n`);
    const failed = "SELECT coalesce(sum(apply_error_count), 0)::int AS n FROM pg_stat_subscription_stats";
    await waitUntil(async () => Number((await here.query(failed)).rows[0].n) >= 4, {
      what: "the apply worker fails some times",
      everyMs: 200,
    });
    await here.query(`DELETE FROM ${table} WHERE id = 7`);
    const applied = `SELECT count(*)::int AS n FROM ${table}`;
    await waitUntil(async () => Number((await here.query(applied)).rows[0].n) >= 400, {
      what: "the apply worker goes on",
      everyMs: 200,
    });
    await here.query("SELECT pg_sleep(11)");
    const reader = await onePg(stage, stage.application());
    await nowAndThen(stage, reader, (session) => session.query(`SELECT count(*) FROM ${table}`));
    return { culprits: [] };
  },
});
