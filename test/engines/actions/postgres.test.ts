import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { terminateSession } from "../../../functions/core/actions/database/terminate-session.ts";
import type { SessionTarget } from "../../../functions/core/actions/signals/session-target.ts";
import { postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import {
  closeAll,
  createLabUsers,
  openSession,
  openSessions,
  type SessionOptions,
  waitUntil,
} from "../../lab/engines/sql.ts";
import { actorStatements, execute, says, seen, targetIn, targetOf } from "./support.ts";

for (const major of [14, 18] as const) {
  describeEngine(`PostgreSQL ${major} actions`, await postgresAvailability(major), () => {
    let server: PostgresServer;
    let admin: Client;
    const open: Client[] = [];

    beforeAll(async () => {
      const settings = { autovacuum_naptime: "1s", max_wal_senders: "4" };
      server = await startPostgres({ major, maxConnections: 120, settings });
      await createLabUsers(server);
      const { Client: Pg } = await import("pg");
      admin = new Pg({ connectionString: server.adminUrl });
      await admin.connect();
      for (const sql of actorStatements("postgres")) await admin.query(sql);
      await admin.query("create table account (id int primary key, balance int)");
      await admin.query("insert into account select g, 0 from generate_series(1, 10) g");
      await admin.query("grant all on account to shop, admin");
    });
    afterEach(() => closeAll(open.splice(0)));
    afterAll(async () => {
      await admin?.end();
      await server?.stopNow();
    });

    async function app(options: SessionOptions = {}): Promise<{ client: Client; pid: number }> {
      const client = await openSession(server, { user: "shop", applicationName: "checkout", ...options });
      open.push(client);
      const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
      return { client, pid: rows[0]?.pid ?? 0 };
    }

    async function idleInTransaction(options: SessionOptions = {}) {
      const holder = await app(options);
      await holder.client.query("begin");
      await holder.client.query("update account set balance = balance + 1 where id = 1");
      return { ...holder, target: await targetIn(server, holder.pid, "idle-in-transaction") };
    }

    async function sleeping(sql = "select pg_sleep(60)", options: SessionOptions = {}) {
      const { client, pid } = await app(options);
      const ended = says(client.query(sql));
      return { client, pid, ended, target: await targetIn(server, pid, "active") };
    }

    for (const as of ["admin", "actor"] as const) {
      it(`A1 cancels exactly the statement that was seen, as ${as}, and leaves the connection`, async () => {
        const { client, ended, target } = await sleeping();
        const bystander = await sleeping();
        const outcome = await execute(server, "cancel-query", target, { as });
        expect(outcome).toMatchObject({ status: "done", killed: [target.sessionId] });
        expect(await ended).toContain("canceling statement due to user request");
        expect(await says(client.query("select 1"))).toBe("ok");
        expect((await seen(server, bystander.pid))?.state).toBe("active");
      });

      it(`A2 ends an idle transaction, as ${as}, and frees all 20 waiters`, async () => {
        const { target } = await idleInTransaction();
        const waiters = await openSessions(server, 20, { user: "shop" });
        open.push(...waiters);
        const answers = waiters.map((waiter) =>
          says(waiter.query("update account set balance = balance + 1 where id = 1")),
        );
        await waitUntil(async () => (await countLockWaits(admin)) >= 20, { what: "20 sessions wait" });
        const outcome = await execute(server, "terminate-session", target, { as });
        expect(outcome.status).toBe("done");
        expect(new Set(await Promise.all(answers))).toEqual(new Set(["ok"]));
      });
    }

    it("A2 cancels a running statement first and leaves the connection when that was enough", async () => {
      const { client, ended, target } = await sleeping();
      const outcome = await execute(server, "terminate-session", target);
      expect(outcome.status).toBe("done");
      expect(await ended).toContain("canceling statement");
      expect(await says(client.query("select 1"))).toBe("ok");
      expect(outcome.steps.map(({ says: line }) => line).join()).not.toContain("pg_terminate_backend");
    });

    it("A2 terminates after the grace period a statement that survives its cancel", async () => {
      const stubborn = `do $$ begin loop begin perform pg_sleep(60); exception when query_canceled then null; end; end loop; end $$`;
      const { ended, target } = await sleeping(stubborn);
      const outcome = await execute(server, "terminate-session", target);
      expect(outcome.status).toBe("done");
      expect(outcome.steps.map(({ says: line }) => line).join()).toContain("pg_terminate_backend");
      expect(await ended).toContain("terminating connection");
    });

    it("A2 goes on to terminate a transaction that a savepoint keeps open after the cancel", async () => {
      const { client, pid } = await app();
      await client.query("begin; update account set balance = 9 where id = 2; savepoint s");
      const ended = says(client.query("select pg_sleep(60)"));
      const outcome = await execute(server, "terminate-session", await targetIn(server, pid, "active"));
      expect(outcome.status).toBe("done");
      expect(await ended).toContain("canceling statement");
      expect(await seen(server, pid)).toBeNull();
    });

    it("A40 never signals a commit that waits for its replica: its row is there already", async () => {
      const { client, pid } = await app();
      await admin.query("alter system set synchronous_standby_names = 'nobody'");
      await admin.query("select pg_reload_conf()");
      // The server needs a moment to take note: what commits before that waits for nobody.
      let released = false;
      const update = async (): Promise<void> => {
        while (!released) await client.query("update account set balance = 77 where id = 7");
      };
      const ended = says(update());
      try {
        await waitUntil(async () => (await seen(server, pid))?.waitEvent === "IPC/SyncRep", {
          what: "the commit to wait for its replica",
        });
        const target = await targetIn(server, pid, "active");
        for (const action of ["cancel-query", "terminate-session"] as const) {
          const outcome = await execute(server, action, target);
          expect(outcome, outcome.summary).toMatchObject({
            status: "refused",
            killed: [],
            refusal: { guard: "commit-awaits-replica" },
          });
        }
        expect((await seen(server, pid))?.waitEvent).toBe("IPC/SyncRep");
      } finally {
        released = true;
        await admin.query("alter system reset synchronous_standby_names");
        await admin.query("select pg_reload_conf()");
      }
      expect(await ended).toBe("ok");
    });

    it("A1 run twice acts once", async () => {
      const { ended, target } = await sleeping();
      expect((await execute(server, "cancel-query", target)).status).toBe("done");
      await ended;
      const again = await execute(server, "cancel-query", target);
      expect(again).toMatchObject({ status: "already-done", killed: [] });
    });

    it("A2 run twice acts once", async () => {
      const { target } = await idleInTransaction();
      expect((await execute(server, "terminate-session", target)).status).toBe("done");
      const again = await execute(server, "terminate-session", target);
      expect(again).toMatchObject({ status: "already-done", killed: [] });
    });

    async function survives(
      target: SessionTarget,
      guard: string,
      options: Parameters<typeof execute>[3] = {},
      action: "cancel-query" | "terminate-session" = "terminate-session",
    ): Promise<void> {
      const before = await backendStart(admin, target.sessionId);
      const outcome = await execute(server, action, target, options);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard }, killed: [] });
      expect(await backendStart(admin, target.sessionId)).toBe(before);
    }

    it("A2 refuses a recycled pid: the same id with another session start", async () => {
      const { target } = await idleInTransaction();
      await survives({ ...target, sessionKey: "2020-01-01 00:00:00.000001+00" }, "session-changed");
    });

    it("A1 leaves a next statement of the same text alone, even when it starts between judging and acting", async () => {
      const { client, ended, target } = await sleeping();
      let next: Promise<string> = Promise.resolve("");
      const outcome = await execute(server, "cancel-query", target, {
        beforeActing: async () => {
          await admin.query("select pg_cancel_backend($1)", [target.sessionId]);
          await ended;
          next = says(client.query("select pg_sleep(60)"));
          await targetIn(server, target.sessionId, "active");
        },
      });
      expect(outcome).toMatchObject({
        status: "refused",
        refusal: { guard: "statement-changed" },
        killed: [],
      });
      expect((await seen(server, target.sessionId))?.state).toBe("active");
      await admin.query("select pg_cancel_backend($1)", [target.sessionId]);
      expect(await next).toContain("canceling");
    });

    it("A2 leaves an idle transaction alone that is not the one that was seen", async () => {
      const { client, target } = await idleInTransaction();
      await client.query("commit; begin");
      await client.query("update account set balance = balance + 1 where id = 1");
      await survives(target, "state-changed");
    });

    it("A2 leaves an idle transaction alone that has worked on since and pauses again", async () => {
      const { client, target } = await idleInTransaction();
      await client.query("update account set balance = balance + 1 where id = 3");
      await survives(target, "state-changed");
      expect(await says(client.query("commit"))).toBe("ok");
    });

    it("A2 leaves an idle transaction alone that works on between judging and acting", async () => {
      const { client, target } = await idleInTransaction();
      const outcome = await execute(server, "terminate-session", target, {
        // The same text again: nothing but the times tells the two pauses apart.
        beforeActing: async () => {
          await client.query("update account set balance = balance + 1 where id = 1");
        },
      });
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "state-changed" }, killed: [] });
      expect(await says(client.query("commit"))).toBe("ok");
    });

    it("A2 leaves a connection alone whose statement survived its cancel and ended just before the terminate", async () => {
      const stubborn = `do $$ begin begin perform pg_sleep(60); exception when query_canceled then null; end;
        perform pg_sleep(60); end $$`;
      const { client, ended, target } = await sleeping(stubborn);
      const outcome = await execute(server, "terminate-session", target, {
        beforeTerminating: async () => {
          await admin.query("select pg_cancel_backend($1)", [target.sessionId]);
          await ended;
        },
      });
      expect(outcome).toMatchObject({ status: "done" });
      expect(outcome.steps.map(({ says: line }) => line).join()).toContain("has ended by itself");
      expect(await says(client.query("select 1"))).toBe("ok");
    });

    it("A2 leaves a connection alone whose statement ended before the last look of the grace period", async () => {
      const stubborn = `do $$ begin begin perform pg_sleep(60); exception when query_canceled then null; end;
        perform pg_sleep(60); end $$`;
      const { client, ended, target } = await sleeping(stubborn);
      let looks = 0;
      const outcome = await execute(server, "terminate-session", target, {
        guards: { graceSeconds: 0 },
        // Judged, judged again, asked once in the grace period: the fourth look comes after it.
        beforeLook: async () => {
          looks += 1;
          if (looks !== 4) return;
          await admin.query("select pg_cancel_backend($1)", [target.sessionId]);
          await ended;
        },
      });
      expect(looks).toBeGreaterThanOrEqual(4);
      expect(outcome).toMatchObject({ status: "done" });
      expect(await says(client.query("select 1"))).toBe("ok");
    });

    it("A2 calls a cancelled transaction ended although its client has not said ROLLBACK: its locks are free", async () => {
      const { client, pid } = await app();
      await client.query("begin; update account set balance = balance + 1 where id = 1");
      const ended = says(client.query("select pg_sleep(60)"));
      const target = await targetIn(server, pid, "active", 30);
      const waiter = await app();
      const freed = says(waiter.client.query("update account set balance = balance + 1 where id = 1"));
      await waitUntil(async () => (await countLockWaits(admin)) >= 1, { what: "one session waits" });
      const outcome = await execute(server, "terminate-session", target);
      expect(outcome).toMatchObject({ status: "done" });
      expect(outcome.summary).toContain("its locks are free");
      expect([await ended, await freed]).toEqual([expect.stringContaining("canceling"), "ok"]);
      expect((await seen(server, pid))?.state).toBe("idle-in-transaction-aborted");
      expect(await says(client.query("rollback"))).toBe("ok");
    });

    it("A1 does not call the cancel verified while a savepoint keeps the locks that others wait for", async () => {
      const { client, pid } = await app();
      await client.query("begin; update account set balance = 9 where id = 2; savepoint s");
      const ended = says(client.query("select pg_sleep(60)"));
      const target = await targetIn(server, pid, "active", 30);
      const waiter = await app();
      const freed = says(waiter.client.query("update account set balance = balance + 1 where id = 2"));
      await waitUntil(async () => (await countLockWaits(admin)) >= 1, { what: "one session waits" });
      const outcome = await execute(server, "cancel-query", target);
      expect(await ended).toContain("canceling statement");
      expect(outcome).toMatchObject({ status: "not-verified", killed: [pid] });
      expect(outcome.summary).toContain("may keep its locks");
      expect(await says(client.query("rollback"))).toBe("ok");
      expect(await freed).toBe("ok");
    });

    it("A40 leaves administrators alone, members of rds_superuser, unless the settings say otherwise", async () => {
      const { target } = await idleInTransaction({ user: "admin" });
      expect(await seen(server, target.sessionId)).toMatchObject({ superuser: false, administrator: true });
      await survives(target, "administrator");
      await survives({ ...target, sparesAdministrators: false }, "administrator");
      await survives(target, "session-changed", { guards: { actOnAdministrators: true } });
      const released = { ...target, sparesAdministrators: false };
      const outcome = await execute(server, "terminate-session", released, {
        guards: { actOnAdministrators: true },
      });
      expect(outcome.status).toBe("done");
    });

    it("A40 ends no holder of an advisory lock unasked, also when nobody waits for it", async () => {
      const { client, target } = await idleInTransaction();
      await client.query("rollback");
      await client.query("select pg_advisory_lock(42)");
      await client.query("begin");
      await client.query("update account set balance = balance + 1 where id = 1");
      const leader = await targetIn(server, target.sessionId, "idle-in-transaction");
      await survives(leader, "advisory-lock", { guards: { unasked: true } });
      expect((await execute(server, "terminate-session", leader)).status).toBe("done");
    });

    it("A40 ends nobody unasked whose temporary tables would go with it", async () => {
      const unasked = { guards: { unasked: true } };
      await admin.query("grant temporary on database app to shop");
      const { client, target } = await idleInTransaction();
      await client.query("rollback");
      await client.query("create temp table staged as select 1 as id");
      await client.query("begin");
      await client.query("update account set balance = balance + 1 where id = 1");
      const staging = await targetIn(server, target.sessionId, "idle-in-transaction");
      await survives(staging, "session-data", unasked);
      await client.query("rollback");
      await client.query("drop table staged");
      await client.query("begin");
      await client.query("update account set balance = balance + 1 where id = 1");
      const emptied = await targetIn(server, target.sessionId, "idle-in-transaction");
      await survives(emptied, "nobody-waits", unasked);
      const { client: waiter } = await app();
      const waited = says(waiter.query("update account set balance = balance + 1 where id = 1"));
      await waitUntil(async () => (await countLockWaits(admin)) > 0, { what: "somebody waits" });
      expect((await execute(server, "terminate-session", emptied, unasked)).status).toBe("done");
      expect(await waited).toBe("ok");
    });

    it("A40 leaves alone who becomes an administrator between judging and acting", async () => {
      const { target } = await idleInTransaction();
      try {
        const outcome = await execute(server, "terminate-session", target, {
          beforeActing: async () => {
            await admin.query("grant rds_superuser to shop");
          },
        });
        expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "administrator" }, killed: [] });
      } finally {
        await admin.query("revoke rds_superuser from shop");
      }
    });

    it("A40 leaves a backup alone that carries what it is at in its name", async () => {
      const backup = await idleInTransaction({ applicationName: "pgBackRest [backup]" });
      await survives(backup.target, "protected-application");
    });

    it("A2 shows a statement that, pasted as it stands, ends the session that was seen and no other", async () => {
      const { client, pid, target } = await idleInTransaction();
      const shown = terminateSession.preview(target, targetOf(server));
      await client.query("commit");
      expect((await admin.query(shown)).rows).toEqual([]);
      expect(await says(client.query("select 1"))).toBe("ok");
      const again = await idleInTransaction();
      const { rows } = await admin.query(terminateSession.preview(again.target, targetOf(server)));
      expect(rows).toEqual([{ pid: again.pid, signalled: true }]);
      expect([await seen(server, pid), await seen(server, again.pid)]).toEqual([null, null]);
    });

    it("A2 leaves a transaction alone that committed between judging and acting", async () => {
      const { client, target } = await idleInTransaction();
      const outcome = await execute(server, "terminate-session", target, {
        beforeActing: async () => {
          await client.query("commit");
        },
      });
      expect(outcome).toMatchObject({ status: "already-done", killed: [] });
      expect(await says(client.query("select 1"))).toBe("ok");
    });

    it("A40 refuses protected users and statements that match a protected pattern", async () => {
      const { target } = await idleInTransaction();
      await survives(target, "protected-user", { guards: { protectedUsers: ["SHOP"] } });
      await survives(target, "protected-query", { guards: { protectedQueries: ["update\\s+account"] } });
    });

    it("A40 refuses pg_dump and a statement that carries the opt-out comment", async () => {
      const dump = await sleeping("select pg_sleep(60)", { applicationName: "pg_dump" });
      await survives(dump.target, "protected-application");
      await survives(dump.target, "protected-application", {}, "cancel-query");
      const payroll = await sleeping("select pg_sleep(60) /* RDS-responder:never */");
      await survives(payroll.target, "opt-out-comment", {}, "cancel-query");
    });

    it("A40 refuses a superuser's session, rdsadmin's, whatever the acting user is", async () => {
      const { rows } = await admin.query<{ pid: number }>("select pg_backend_pid() as pid");
      const pid = rows[0]?.pid ?? 0;
      const target = await forged(admin, pid);
      for (const as of ["admin", "actor"] as const) await survives(target, "superuser", { as });
    });

    it("A40 takes the server's own refusal as information", async () => {
      const { target } = await idleInTransaction();
      await admin.query("revoke pg_signal_backend from actor");
      try {
        await survives(target, "server-refused");
      } finally {
        await admin.query("grant pg_signal_backend to actor");
      }
    });

    it("A40 refuses when it cannot read other users' statements", async () => {
      const { target } = await idleInTransaction();
      await admin.query("revoke pg_monitor from actor");
      try {
        const outcome = await execute(server, "terminate-session", target);
        expect(outcome).toMatchObject({ status: "refused", killed: [] });
      } finally {
        await admin.query("grant pg_monitor to actor");
      }
    });

    it("D8 refuses a prepared transaction: it has no session", async () => {
      const { target } = await idleInTransaction();
      await survives({ ...target, sessionId: 0 }, "no-session");
    });

    it("A40 refuses a replication session", async () => {
      const sender = await walsender(server);
      open.push(sender);
      await waitUntil(async () => (await pidOf(admin, "walsender")) !== null, { what: "a walsender" });
      const pid = await pidOf(admin, "walsender");
      await survives(await forged(admin, pid ?? 0), "replication-session");
    });

    it("A40 refuses autovacuum", async () => {
      await admin.query(
        `create table busy with (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
           autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0)
         as select g as id, repeat('x', 500) as filler from generate_series(1, 20000) g`,
      );
      await admin.query("delete from busy where id % 2 = 0");
      const pid = await waitUntil(
        async () => {
          const { rows } = await admin.query<{ pid: number }>(
            `select pid from pg_stat_activity
             where backend_type = 'autovacuum worker' and query like '%public.busy%'`,
          );
          return rows[0]?.pid;
        },
        { what: "autovacuum works on the table", timeoutMs: 60_000 },
      );
      await survives(await forged(admin, pid), "autovacuum");
      await survives(await forged(admin, pid), "autovacuum", {}, "cancel-query");
      await admin.query("drop table busy");
    });

    it("A40 refuses the server's own processes", async () => {
      const checkpointer = (await pidOf(admin, "checkpointer")) ?? 0;
      await survives(await forged(admin, checkpointer), "system-session");
    });

    it("A2 in the moment of the commit ends the session that was seen or does nothing", async () => {
      const bystander = await app();
      for (let round = 0; round < 50; round += 1) {
        const { client, target } = await idleInTransaction();
        let committed: Promise<string> = Promise.resolve("");
        const outcome = await execute(server, "terminate-session", target, {
          // Not waited for: the commit and the acting statement reach the server together. Which comes first is
          // not ours to say; the engine's own window is told in the comments of its signal file.
          beforeActing: async () => {
            committed = says(client.query("commit"));
          },
        });
        const commit = await committed;
        expect(["done", "already-done", "refused"]).toContain(outcome.status);
        const spared = outcome.killed.length === 0;
        expect(outcome.killed).toEqual(spared ? [] : [target.sessionId]);
        if (spared) expect([commit, await says(client.query("select 1"))]).toEqual(["ok", "ok"]);
        await closeAll(open.splice(1));
      }
      expect(await says(bystander.client.query("select 1"))).toBe("ok");
    });
  });
}

async function countLockWaits(client: Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'",
  );
  return rows[0]?.n ?? 0;
}

async function backendStart(client: Client, pid: number): Promise<string | null> {
  const { rows } = await client.query<{ at: string }>(
    "select backend_start::text as at from pg_stat_activity where pid = $1",
    [pid],
  );
  return rows[0]?.at ?? null;
}

async function pidOf(client: Client, type: string): Promise<number | null> {
  const { rows } = await client.query<{ pid: number }>(
    "select pid from pg_stat_activity where backend_type = $1 limit 1",
    [type],
  );
  return rows[0]?.pid ?? null;
}

/** A target that no diagnosis would name, with every key right: only the guard stands between it and the signal. */
async function forged(client: Client, pid: number): Promise<SessionTarget> {
  const { rows } = await client.query<{ key: string; statement: string; user: string | null; app: string }>(
    `select backend_start::text as key, query_start::text || ' ' || md5(query) as statement,
       usename as "user", application_name as app from pg_stat_activity where pid = $1`,
    [pid],
  );
  const row = rows[0];
  return {
    sessionId: pid,
    sessionKey: row?.key ?? "",
    statementKey: row?.statement ?? null,
    state: "active",
    stateSince: null,
    waitEvent: null,
    sparesAdministrators: true,
    seenTransactionSeconds: 0,
    user: row?.user ?? null,
    application: row?.app || null,
    client: null,
    database: null,
    query: null,
    rowsModified: null,
    longestWaitSeconds: null,
  };
}

async function walsender(server: PostgresServer): Promise<Client> {
  const { Client: Pg } = await import("pg");
  const { labUrl } = await import("../../lab/engines/lab-server.ts");
  const url = new URL(labUrl("postgres", server.port, "rdsrepladmin"));
  const config = {
    host: url.hostname,
    port: Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: "app",
    replication: "database",
  };
  const client = new Pg(config);
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
