import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, openSessions, waitUntil } from "../../lab/engines/sql.ts";
import { actorStatements, execute, says } from "./support.ts";

const web = { applicationName: "web" };
const idle = { user: "shop", application: "web", state: "idle", overSeconds: 1, most: 10 };

describe.each([14, 18] as const)("several sessions that are ended on PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;
  const open: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    for (const sql of actorStatements("postgres")) await root.query(sql);
    await root.query(
      "create table public.orders (id int primary key, v int); insert into public.orders values (1, 0)",
    );
    await root.query("grant all on public.orders to shop");
  });
  afterEach(async () => {
    await closeAll(open.splice(0));
  });
  afterAll(async () => {
    await closeAll([root]);
    await server?.stopNow();
  });

  async function opened(count: number, options: object = web): Promise<readonly Client[]> {
    const clients = await openSessions(server, count, { user: "shop", ...options });
    open.push(...clients);
    return clients;
  }
  /** All that are there have idled for longer than the second that is asked for. */
  const grown = (): Promise<void> =>
    waitUntil(
      async () => {
        const { rows } = await root.query(
          "select count(*)::int as n from pg_stat_activity where usename in ('shop', 'admin') and state like 'idle%' and state_change > clock_timestamp() - interval '1.1 seconds'",
        );
        return rows[0].n === 0;
      },
      { what: "they have idled for a second" },
    ).then(() => undefined);
  const end = (input: object = idle, options = {}): Promise<Outcome> =>
    execute(server, "end-idle-sessions", JSON.parse(JSON.stringify(input)), options);

  it("A3 ends those of one application and user that idle, and nobody else", async () => {
    const leaked = await opened(3);
    const [namesake] = await opened(1, { ...web, user: "admin" });
    const [other] = await opened(1, { applicationName: "report" });
    const [busy] = await opened(1);
    await busy?.query("begin");
    await grown();
    const outcome = await end();
    expect(outcome).toMatchObject({ status: "done", summary: expect.stringContaining("Ended 3 sessions") });
    expect(outcome.killed).toHaveLength(3);
    for (const one of leaked) expect(await says(one.query("select 1"))).not.toBe("ok");
    for (const one of [namesake, other, busy])
      expect(await says(one?.query("select 1") ?? Promise.reject())).toBe("ok");
    expect(await end()).toMatchObject({ status: "already-done" });
  });

  it("A3 ends no more than it was told to, those that idle longest", async () => {
    const [first] = await opened(1);
    await grown();
    const [second] = await opened(1);
    await grown();
    expect(await end({ ...idle, most: 1 })).toMatchObject({ status: "done" });
    expect(await says(first?.query("select 1") ?? Promise.reject())).not.toBe("ok");
    expect(await says(second?.query("select 1") ?? Promise.reject())).toBe("ok");
  });

  it("A40 ends nobody more when an order is repeated whose answer was lost, and says who is there", async () => {
    const all = await opened(4);
    await grown();
    expect((await end({ ...idle, most: 2 })).killed).toHaveLength(2);
    const again = await end({ ...idle, most: 2 }, { repeated: true });
    expect(again).toMatchObject({ status: "not-verified", killed: [] });
    expect(again.summary).toMatch(/nobody more was ended. Of that kind there are now 2: \d+ and \d+/);
    const alive = await Promise.all(all.map((one) => says(one.query("select 1"))));
    expect(alive.filter((answer) => answer === "ok")).toHaveLength(2);
  });

  it("A40 ends no more when two executions of one order meet", async () => {
    const all = await opened(5);
    await grown();
    const met: Outcome[] = [];
    const first = await end(
      { ...idle, most: 2 },
      { beforeActing: async () => void met.push(await end({ ...idle, most: 2 })) },
    );
    expect(first.killed).toHaveLength(2);
    expect(met).toMatchObject([{ status: "refused", killed: [], refusal: { guard: "order-under-way" } }]);
    const alive = await Promise.all(all.map((one) => says(one.query("select 1"))));
    expect(alive.filter((answer) => answer === "ok")).toHaveLength(3);
  });

  it("A3 ends those behind the ones that the guards hold back", async () => {
    const kept = await opened(2);
    for (const one of kept) await one.query("select 1 /* rds-responder:never */");
    await grown();
    const [plain] = await opened(1);
    const [second] = await opened(1);
    await grown();
    expect((await end({ ...idle, most: 1 })).killed).toHaveLength(1);
    expect(await says(plain?.query("select 1") ?? Promise.reject())).not.toBe("ok");
    for (const one of [...kept, second])
      expect(await says(one?.query("select 1") ?? Promise.reject())).toBe("ok");
  });

  it("A3 ends idle transactions, whose work rolls back, and leaves the merely idle alone", async () => {
    const [writer, merely] = await opened(2);
    await writer?.query("begin");
    await writer?.query("update public.orders set v = 9");
    await grown();
    const outcome = await end({ ...idle, state: "idle-in-transaction" });
    expect(outcome).toMatchObject({ status: "done", summary: expect.stringContaining("Ended 1 sessions") });
    expect((await root.query("select v from public.orders")).rows).toEqual([{ v: 0 }]);
    expect(await says(merely?.query("select 1") ?? Promise.reject())).toBe("ok");
  });

  it("A40 judges each by the guards of terminate-session, and says who stays and why", async () => {
    const [spoken, plain] = await opened(2);
    await spoken?.query("select 1 /* rds-responder:never */");
    await grown();
    const outcome = await end();
    expect(outcome.summary).toMatch(/Ended 1 sessions.*Left alone: 1 by opt-out-comment/);
    expect(await says(spoken?.query("select 1") ?? Promise.reject())).toBe("ok");
    expect(await says(plain?.query("select 1") ?? Promise.reject())).not.toBe("ok");
    await grown();
    const none = await end(idle, { guards: { protectedApplications: ["web"] } });
    expect(none).toMatchObject({ status: "refused", refusal: { guard: "protected-application" } });
  });

  it("A3 leaves alone who holds a lock by name, listens, or has temporary tables", async () => {
    const [elected, listener, scratch, plain] = await opened(4);
    await elected?.query("select pg_advisory_lock(7)");
    await listener?.query("listen jobs");
    // Seen from 16 on.
    if (major >= 16) await scratch?.query("create temporary table scratch (id int)");
    else await scratch?.query("listen scratch");
    await grown();
    const outcome = await end();
    expect(outcome.killed).toHaveLength(1);
    for (const one of [elected, listener, scratch])
      expect(await says(one?.query("select 1") ?? Promise.reject())).toBe("ok");
    expect(await says(plain?.query("select 1") ?? Promise.reject())).not.toBe("ok");
  });

  it("A3 leaves alone who leases rows by a text that the server has cut before it says so", async () => {
    const [worker, plain] = await opened(2);
    for (const one of [worker, plain]) await one?.query("begin");
    const columns = Array.from({ length: 200 }, (_, n) => `v as "column_${n}"`).join(", ");
    await worker?.query(`select ${columns} from public.orders for update skip locked`);
    await plain?.query("select v from public.orders where id = 2");
    await grown();
    const outcome = await end({ ...idle, state: "idle-in-transaction" });
    expect(outcome.killed).toHaveLength(1);
    expect(await says(worker?.query("select 1") ?? Promise.reject())).toBe("ok");
  });

  it("A3 leaves alone who has begun to work between the list and the signal", async () => {
    const [one] = await opened(1);
    await grown();
    const outcome = await end(idle, {
      beforeActing: async () => {
        await one?.query("select 2");
      },
    });
    expect(outcome).toMatchObject({ status: "refused" });
    expect(await says(one?.query("select 1") ?? Promise.reject())).toBe("ok");
  });

  it("A4 ends all that are not essential: administrators, superusers and its own stay", async () => {
    const [idler, worker] = await opened(2);
    const [master] = await opened(1, { user: "admin", applicationName: "psql" });
    const running = worker?.query("select pg_sleep(60)").then(
      () => "ok",
      () => "ended",
    );
    await waitUntil(
      async () => {
        const { rows } = await root.query(
          "select count(*)::int as n from pg_stat_activity where usename in ('shop', 'admin') and backend_start > clock_timestamp() - interval '5.1 seconds'",
        );
        return rows[0].n === 0;
      },
      { what: "they are there for five seconds" },
    );
    const everyone = { overSeconds: 5, most: 100 };
    const outcome = await execute(server, "end-sessions", everyone);
    expect(outcome).toMatchObject({ status: "done" });
    expect(outcome.summary).toMatch(/Ended 2 sessions.*superuser/);
    expect(await running).toBe("ended");
    expect(await says(idler?.query("select 1") ?? Promise.reject())).not.toBe("ok");
    expect(await says(master?.query("select 1") ?? Promise.reject())).toBe("ok");
    expect(await execute(server, "end-sessions", everyone, { guards: { unasked: true } })).toMatchObject({
      refusal: { guard: "never-alone" },
    });
  }, 40_000);
});
