import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SqlSession } from "../../../functions/core/ports.ts";
import type { ProbeContext } from "../../../functions/core/probes/define.ts";
import { postgresSessions } from "../../../functions/core/probes/postgres/sessions.ts";
import { leftAloneBecause } from "../../../functions/core/remedies/untouchable.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { labPasswords } from "../../lab/engines/lab-server.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { createProbeUsers, majors, probeLogin, sessionAs, targetAt } from "./postgres-lab.ts";

describe.each(majors)("what is a person's on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let session: SqlSession;
  let context: ProbeContext;
  let admin: Client;

  beforeAll(async () => {
    server = await startPostgres({ major });
    await createProbeUsers(server.adminUrl);
    session = await sessionAs(probeLogin, server.port);
    // Raw text keeps the comments that a normalised one loses.
    const settings = {
      ...defaultSettings,
      probing: { ...defaultSettings.probing, queryText: "raw" as const },
    };
    context = { target: targetAt(server.port), server: session.server, settings };
    admin = await open();
    const options = `host '127.0.0.1', port '${server.port}', dbname 'app'`;
    const login = `user 'rdsadmin', password '${labPasswords.rdsadmin}'`;
    await admin.query(`create extension postgres_fdw; create extension dblink;
      create table stock (id int primary key, v int); insert into stock values (1, 1), (2, 2);
      create server other foreign data wrapper postgres_fdw options (${options}, async_capable 'true');
      create user mapping for current_user server other options (${login});
      create view slow as select id, pg_sleep(5)::text as slept from stock;
      create foreign table far_stock (id int, v int) server other options (table_name 'stock');
      create table far (id int, slept text) partition by list (id);
      create foreign table far_1 partition of far for values in (1) server other options (table_name 'slow');
      create foreign table far_2 partition of far for values in (2) server other options (table_name 'slow');
      create table parts (id int) partition by list (id);
      create table parts_1 partition of parts for values in (1)`);
  });
  afterAll(async () => {
    await session?.close();
    await admin?.end();
    await server?.stopNow();
  });

  async function open(): Promise<Client> {
    const client = new Client({ connectionString: server.adminUrl });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  /** Why the session that runs it is left alone, once it waits; then it is cancelled. */
  async function whileIt(waits: RegExp, statement: string): Promise<string | null> {
    const client = await open();
    const { rows } = await client.query("select pg_backend_pid() as pid");
    const pid = Number(rows[0]?.pid);
    const ended = client.query(statement).catch(() => undefined);
    let because: string | null = null;
    await waitUntil(
      async () => {
        const answers = [];
        for (const each of postgresSessions.statements(context)) answers.push(await session.query(each));
        const seen = postgresSessions.read(answers, context).find(({ id }) => id === pid);
        because = seen === undefined ? null : leftAloneBecause(seen);
        return waits.test(seen?.waitEvent ?? "");
      },
      { what: `it waits (${waits})` },
    );
    await admin.query("select pg_cancel_backend($1)", [pid]);
    await ended;
    await client.end();
    return because;
  }

  it("A40 is a wait for another server, by postgres_fdw, by dblink, and for several at once", async () => {
    const holder = await open();
    await holder.query("begin; update stock set v = 0 where id = 1");
    const update = await whileIt(/^Extension\//, "update far_stock set v = 3 where id = 1");
    const options = `host=127.0.0.1 port=${server.port} dbname=app user=rdsadmin password=${labPasswords.rdsadmin}`;
    const remote = `select * from dblink('${options}', 'select 1 from pg_sleep(5)') as t (x int)`;
    const linked = await whileIt(/^Extension\//, remote);
    const several = await whileIt(/^IPC\/AppendReady$/, "select count(slept) from far");
    await holder.query("rollback");
    await holder.end();
    for (const because of [update, linked, several]) expect(because).toContain("another server");
  });

  it("A40 is a partition detached CONCURRENTLY, which a cancel leaves half detached", async () => {
    const reader = await open();
    await reader.query("begin; select * from parts");
    const because = await whileIt(
      /^Lock\/virtualxid$/,
      "alter table parts detach partition parts_1 concurrently /*controller='m'*/",
    );
    await reader.query("commit");
    await reader.end();
    expect(because).toContain("half-detached partition");
    const { rows } = await admin.query(
      "select inhdetachpending as pending from pg_inherits where inhrelid = 'parts_1'::regclass",
    );
    expect(rows).toEqual([{ pending: true }]);
    await admin.query("alter table parts detach partition parts_1 finalize");
  });
});
