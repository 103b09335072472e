import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { sessionTargetSchema } from "../../../functions/core/actions/signals/session-target.ts";
import type { ProposedAction } from "../../../functions/core/contract/finding.ts";
import { createResponderUsers } from "../../lab/demo/database.ts";
import { postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { proposedOn } from "./innocents-support.ts";
import { actorStatements, execute, says, targetIn } from "./support.ts";

const long = "select count(*) from generate_series(1, 2000000000)";
const asked = { guards: { unasked: true } } as const;

const targetOf = (actions: readonly ProposedAction[]) => sessionTargetSchema.parse(actions[0]?.input);

for (const major of [14, 18] as const) {
  describeEngine(`PostgreSQL ${major} innocents`, await postgresAvailability(major), () => {
    let server: PostgresServer;
    let admin: Client;
    const open: Client[] = [];

    beforeAll(async () => {
      server = await startPostgres({ major, maxConnections: 60, settings: { autovacuum: "off" } });
      await createLabUsers(server);
      await createResponderUsers(server);
      admin = await openSession(server, { user: "rdsadmin" });
      for (const sql of actorStatements("postgres")) await admin.query(sql);
      await admin.query(`create table account (id int primary key, balance int);
        insert into account select g, 0 from generate_series(1, 10) g;
        create materialized view slow as select count(*) as n from generate_series(1, 1000000000) with no data;
        alter materialized view slow owner to shop; alter table account owner to shop;
        create procedure rebuild() language plpgsql as $$ begin
          truncate entry; perform count(*) from generate_series(1, 2000000000); end $$;
        create function renumber() returns int language plpgsql as $$ begin
          update account set balance = 0; perform count(*) from generate_series(1, 2000000000); return 1; end $$;
        create table entry (id int, account int references account (id));
        alter table entry owner to shop; grant all on account, entry to shop; grant create on schema public to shop`);
    });
    afterEach(async () => {
      // Who waits goes first: freed by its holder's end, a DELETE would still commit before its own.
      await admin.query(`select pg_terminate_backend(pid) from (select pid from pg_stat_activity where usename = 'shop'
        order by wait_event_type is not distinct from 'Lock' desc) as theirs`);
      await closeAll(open.splice(0));
    });
    afterAll(async () => {
      await closeAll(admin ? [admin] : []);
      await server?.stopNow();
    });

    async function app(applicationName: string, ...statements: readonly string[]): Promise<Client> {
      const client = await openSession(server, { user: "shop", applicationName });
      open.push(client);
      for (const sql of statements) await client.query(sql);
      return client;
    }

    async function idle(applicationName: string, ...statements: readonly string[]) {
      const client = await app(applicationName, "begin", ...statements);
      const { rows } = await admin.query(
        "select max(pid) as pid from pg_stat_activity where application_name = $1",
        [applicationName],
      );
      return { client, pid: Number(rows[0].pid) };
    }

    /** Sends it and goes on: it runs, or waits. */
    async function busy(applicationName: string, sql: string, ...before: readonly string[]) {
      const client = await app(applicationName, ...before);
      return { client, ended: says(client.query(sql)) };
    }

    const update = "update account set balance = balance + 1 where id = 1";

    /** All of them have waited for longer than every threshold of the look. */
    async function look(waiting: number) {
      const sql = `select count(*)::int as n from pg_stat_activity
        where wait_event_type = 'Lock' and clock_timestamp() - query_start > interval '1.2 s'`;
      await waitUntil(async () => (await admin.query(sql)).rows[0].n >= waiting, { what: "they wait" });
      return proposedOn(server);
    }

    it("D11 a plain idle transaction is still ended unasked", async () => {
      await app("checkout", "begin", update);
      await busy("web", update);
      const { unasked } = await look(1);
      expect(unasked.map(({ id }) => id)).toEqual(["terminate-session"]);
    });

    it("A1 D11 what runs inside a savepoint is not freed by a cancel, so that its session is ended", async () => {
      const holder = await busy("django", long, "begin", update, "savepoint s");
      const waiter = await busy("web", update);
      const goesOn = holder.ended.then(async () => {
        await holder.client.query("rollback to savepoint s");
        return says(holder.client.query(long));
      });
      const proposed = async () => {
        const { actions, unasked } = await look(1);
        // What runs is a person's to end.
        expect(unasked).toEqual([]);
        expect(actions.map(({ id }) => id)).not.toContain("cancel-query");
        return targetOf(actions.filter(({ id }) => id === "terminate-session"));
      };
      const cancelled = await execute(server, "cancel-query", await proposed());
      expect(cancelled).toMatchObject({ status: "not-verified" });
      expect(cancelled.summary).toContain("wait on");
      const ended = await execute(server, "terminate-session", await proposed());
      expect(ended.summary).toContain("gone");
      expect([await waiter.ended, await goesOn]).toEqual(["ok", expect.stringContaining("canceling")]);
    });

    it("D11 of several who share a row none is ended for a waiter that waits for all of them", async () => {
      const share = "select * from account where id = 1 for share";
      await busy("report", long, "begin", share);
      await app("idler", "begin", share);
      await busy("web", update);
      const { actions, unasked } = await look(1);
      expect(actions.map(({ frees, ends }) => [frees, ends])).toContainEqual([null, undefined]);
      expect(unasked).toEqual([]);
    });

    it("D11 nor those whose new rows refer to a row that is to be deleted", async () => {
      for (const id of [1, 2, 3]) await app("api", "begin", `insert into entry values (${id}, 3)`);
      await busy("admin-ui", "delete from account where id = 3");
      const { actions, unasked } = await look(1);
      expect(actions.length).toBeGreaterThan(0);
      expect(unasked).toEqual([]);
    });

    it.each([
      ["postgres_fdw", [update]],
      ["", [update]],
      ["transcoder", ["select * from account where id = 1 for update skip locked"]],
      ["exporter", [update, "declare c cursor with hold for select 1", "fetch 1 from c"]],
      ["copy", [update, "select pg_export_snapshot()"]],
      ["pg_repack", [update]],
      ["pgcopydb[4711] copy", [update]],
      ["nightly", ["lock table account in share row exclusive mode"]],
      ["nightly", ["lock table account in exclusive mode", "select * from entry"]],
      ["migrate", ["alter table account alter balance set default 1", "select * from entry"]],
      ["export", [update, "declare c cursor for select * from account", "fetch 1 from c", "select 1"]],
      ["etl", ["set transaction isolation level repeatable read", update, "select 1"]],
    ])(
      "A40 D11 an idle holder whose client works elsewhere is a person's: %s %s",
      async (name, statements) => {
        await app(name, "begin", ...statements);
        await busy("web", update);
        const { findings, unasked } = await look(1);
        const causes = ["blocked-by-idle-transaction", "explicit-lock-held"];
        expect(findings.some(({ id }) => causes.includes(id))).toBe(true);
        expect(unasked).toEqual([]);
      },
    );

    it("A40 the guards read the whole text of a worker's lease once more, and the name", async () => {
      const { client, pid } = await idle(
        "transcoder",
        "select * from account where id = 4 for update skip locked",
      );
      const target = await targetIn(server, pid, "idle-in-transaction", 5);
      const unclear = { ...target, query: "select ?" };
      const outcome = await execute(server, "terminate-session", unclear, asked);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "never-alone" } });
      expect(await says(client.query("commit"))).toBe("ok");
    });

    it.each([
      ["refresh materialized view slow", "select * from slow limit 1"],
      [
        "do $$ begin execute 'create index on account (balance)'; perform count(*) from generate_series(1, 2000000000); end $$",
        update,
      ],
      ["call rebuild()", "select * from entry"],
      ["select renumber()", update],
    ])("D11 what builds or does not show what it runs is not small work: %s", async (sql, wanted) => {
      await busy("nightly", sql);
      await waitUntil(async () => (await holders()) > 0, { what: "it works" });
      for (const name of ["a", "b", "c"]) await busy(name, wanted);
      const { actions, unasked } = await look(3);
      expect(actions.length).toBeGreaterThan(0);
      expect(unasked).toEqual([]);
    });

    it("D11 a migration's lock of a pod is not taken from it, nor what keeps tables apart from each other", async () => {
      const take = "lock table account in share update exclusive mode";
      await app("pod-1", "begin", take, "select * from entry");
      await busy("pod-2", take, "begin");
      const { actions, unasked } = await look(1);
      expect(actions.length).toBeGreaterThan(0);
      expect(unasked).toEqual([]);
    });

    it("D11 nor whose statement goes on to another table, by a cascade or a trigger, where another has been for long", async () => {
      await app("checkout", "begin", update.replace("id = 1", "id = 9"));
      await app("import", "begin", "insert into entry values (77, null)");
      await busy("web", "delete from account where id = 9");
      const { actions, unasked } = await look(1);
      expect(actions.length).toBeGreaterThan(0);
      expect(unasked).toEqual([]);
    });

    it("D11 nor whose text goes on to a table that somebody only reads", async () => {
      await app("checkout", "begin", update.replace("id = 1", "id = 9"));
      await app("report", "begin", "select count(*) from entry");
      await busy("migrate", `${update.replace("id = 1", "id = 9")}; alter table entry add column note text`);
      const { actions, unasked } = await look(1);
      expect(actions.length).toBeGreaterThan(0);
      expect(unasked).toEqual([]);
    });

    it("D11 nor who may have been elected by the row, whatever it said last", async () => {
      const row = "select * from account where id = 9 for update";
      await app("leader", "begin", row, "update account set balance = 1 where id = 8");
      await busy("standby", row, "begin");
      const election = await look(1);
      expect(election.actions.length).toBeGreaterThan(0);
      expect(election.unasked).toEqual([]);
    });

    it("A40 the guards see who keeps rows by now that those who wait may want next", async () => {
      const { pid } = await idle("checkout", update);
      await busy("web", update);
      const { unasked } = await look(1);
      expect(unasked.map(({ id }) => id)).toEqual(["terminate-session"]);
      await app("cart", "begin", "insert into entry values (5, null)");
      await admin.query("select pg_sleep(0.4)");
      const outcome = await execute(server, "terminate-session", targetOf(unasked), asked);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "others-hold" } });
      expect(pid).toBe(targetOf(unasked).sessionId);
    });

    it("A40 nor who has rows by now and works on, or has prepared them", async () => {
      await app("checkout", "begin", update);
      await busy("web", update);
      const { unasked } = await look(1);
      expect(unasked.map(({ id }) => id)).toEqual(["terminate-session"]);
      await busy("migration", long, "begin", "insert into entry values (6, null)");
      await admin.query("select pg_sleep(0.4)");
      const outcome = await execute(server, "terminate-session", targetOf(unasked), asked);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "others-hold" } });
    });

    it("A40 nor who has locked a table by name, and no row", async () => {
      await app("checkout", "begin", update);
      await busy("web", update);
      const { unasked } = await look(1);
      expect(unasked.map(({ id }) => id)).toEqual(["terminate-session"]);
      await app("loader", "begin", "lock table entry in exclusive mode");
      const outcome = await execute(server, "terminate-session", targetOf(unasked), asked);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "others-hold" } });
    });

    it("A40 nor who has rows by now and waits for a table that somebody else reads", async () => {
      await app("checkout", "begin", update);
      await busy("web", update);
      const { unasked } = await look(1);
      expect(unasked.map(({ id }) => id)).toEqual(["terminate-session"]);
      await app("report", "begin", "select count(*) from entry");
      const rows = update.replace("id = 1", "id = 2");
      await busy("migration", `alter table entry add column note text`, "begin", rows);
      await admin.query("select pg_sleep(0.4)");
      const outcome = await execute(server, "terminate-session", targetOf(unasked), asked);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "others-hold" } });
    });

    it("A40 nor is ended unasked who changed rows through a view, which may lease them", async () => {
      await admin.query(
        "create or replace view due as select * from account where balance > 0 for update skip locked",
      );
      await admin.query("grant all on due to shop");
      await app("worker", "begin", "update due set balance = balance + 1 where id = 1");
      await busy("web", update);
      const { unasked } = await look(1);
      expect(unasked.map(({ id }) => id)).toEqual(["terminate-session"]);
      const outcome = await execute(server, "terminate-session", targetOf(unasked), asked);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "never-alone" } });
    });

    it("A40 a click ends nobody either for whom nobody waits any more", async () => {
      const { client, pid } = await idle("checkout", update);
      const target = { ...(await targetIn(server, pid, "idle-in-transaction", 5)), longestWaitSeconds: 40 };
      const outcome = await execute(server, "terminate-session", target);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "nobody-waits" } });
      await busy("web", update);
      expect(await execute(server, "terminate-session", target)).toMatchObject({ status: "done" });
      expect(await says(client.query("commit"))).not.toBe("ok");
    });

    it("A40 nobody is ended unasked for whom nobody waits any more", async () => {
      const { client, pid } = await idle("checkout", update);
      const target = await targetIn(server, pid, "idle-in-transaction", 5);
      const outcome = await execute(server, "terminate-session", target, asked);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "nobody-waits" } });
      expect(await says(client.query("commit"))).toBe("ok");
    });

    it("D11 whose next row another has is not freed by the end of who has the first", async () => {
      await app("checkout", "begin", update);
      await busy("batch", long, "begin", update.replace("id = 1", "id = 2"));
      await busy("web", update.replace("id = 1", "id in (1, 2)"));
      const { actions, unasked } = await look(1);
      expect(actions.length).toBeGreaterThan(0);
      expect(unasked).toEqual([]);
    });

    it("D11 a queued change is a person's to cancel: its readers may find the next table locked as well", async () => {
      await app("reader", "begin", "select * from account");
      await app("rebuilder", "begin", "lock table entry");
      const change = await busy("migration", "alter table account add column note text");
      await busy("api", "select * from account join entry on entry.account = account.id");
      const { actions, unasked } = await look(2);
      expect(unasked).toEqual([]);
      const target = targetOf(actions.filter(({ describes }) => describes.includes("alter")));
      const refused = await execute(server, "cancel-query", target, asked);
      expect(refused).toMatchObject({ status: "refused", refusal: { guard: "never-alone" } });
      expect(await execute(server, "cancel-query", target)).toMatchObject({ status: "done" });
      expect(await change.ended).toContain("canceling");
    });

    it("A40 the guards see a whole table's lock, whatever was said after it", async () => {
      const { client, pid } = await idle("rebuilder", "lock table entry in share mode", "select 1");
      const outcome = await execute(
        server,
        "terminate-session",
        await targetIn(server, pid, "idle-in-transaction", 5),
        asked,
      );
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "advisory-lock" } });
      expect(await says(client.query("commit"))).toBe("ok");
    });

    /** Sessions that have one of the contested tables for themselves, or have changed a row. */
    async function holders(): Promise<number> {
      const sql = `select count(*)::int as n from pg_locks l join pg_stat_activity a using (pid)
        where a.application_name = 'nightly' and (l.locktype = 'transactionid'
          or l.mode in ('ShareLock', 'AccessExclusiveLock') and l.relation = any (array['slow', 'account', 'entry']::regclass[]))`;
      return (await admin.query(sql)).rows[0].n;
    }
  });
}
