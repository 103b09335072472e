import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresDoor } from "../../../functions/core/failover/door/postgres-door.ts";
import { hasAll } from "../../../functions/core/failover/positions.ts";
import { grantScript } from "../../../functions/core/grants/grant-script.ts";
import { postgresAvailability } from "../../lab/engines/available.ts";
import { type LabNode, labUrl } from "../../lab/engines/lab-server.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, waitUntil } from "../../lab/engines/sql.ts";
import { doorAt, users } from "./door-support.ts";

const majors = [14, 15, 16, 17, 18] as const;

for (const major of majors) {
  const { ok, reason } = await postgresAvailability(major);
  describe.skipIf(!ok)(`the door of PostgreSQL ${major}${ok ? "" : ` NOT TRIED: ${reason}`}`, () =>
    suite(major),
  );
}

function suite(major: (typeof majors)[number]) {
  let server: PostgresServer;
  let replica: LabNode;
  const opened: Client[] = [];
  const { look, lookAgain, close, turn } = doorAt("postgres", postgresDoor);

  beforeAll(async () => {
    server = await startPostgres({ major, replicas: 1 });
    const [only] = server.replicas;
    if (only === undefined) throw new Error("there is no replica");
    replica = only;
    await createLabUsers(server);
    // On RDS these belong to the master user.
    await asAdmin(server, "alter database postgres owner to admin");
    await asAdmin(server, "alter database app connection limit 50");
    await asAdmin(server, "comment on database app is 'the shop''s own'");
    await asAdmin(server, "create table public.orders (id int)");
    await asMaster(grantScript({ engine: "postgres", role: "probe", auth: "password" }));
    await asMaster(grantScript({ engine: "postgres", role: "act", auth: "password", failover: true }));
  });
  afterAll(async () => {
    await closeAll(opened);
    await close();
    await server?.stopNow();
  });

  const asMaster = (sql: string) => once(server.masterUrl, sql);
  const client = async (node: LabNode = server, database = "app") => {
    const session = new Client({ connectionString: labUrl("postgres", node.port, "shop", database) });
    session.on("error", () => undefined);
    opened.push(session);
    await session.connect();
    return session;
  };
  const caughtUp = async (node: LabNode) => {
    const { written } = await look(server);
    await waitUntil(async () => hasAll((await look(node)).applied, written) === true, {
      what: "it has everything",
    });
  };

  it("F3 sees a primary that takes writes, its clients, and not itself", async () => {
    const shop = await client();
    await shop.query("begin");
    await shop.query("insert into orders values (1)");
    const seen = await look(server);
    expect(seen).toMatchObject({
      ...{ reachable: true, failedAt: null, writable: true, fenced: false, clients: 1, applied: null },
      ...{ openTransaction: { rows: null }, filtered: false, receiving: null },
    });
    expect(seen.written?.kind).toBe("lsn");
    await shop.query("commit");
    await shop.end();
    expect((await look(server)).openTransaction).toEqual({ rows: 0, seconds: 0 });
  });

  it("F3 sees a replica that streams, and when it has everything", async () => {
    await asAdmin(server, "insert into public.orders values (2)");
    await caughtUp(replica);
    expect(await look(replica)).toMatchObject({
      ...{
        reachable: true,
        writable: false,
        receiving: true,
        applying: true,
        delaySeconds: 0,
        written: null,
      },
      ...{
        sourceWritten: { kind: "lsn" },
        received: { kind: "lsn" },
        filtered: false,
        openTransaction: null,
      },
    });
  });

  it("F3 sees how often a replica hears from an idle source, and that it never asks where its time-out is off", async () => {
    expect((await look(replica)).heartbeatEverySeconds).toBe(30);
    for (const [value, every] of [
      ["200s", 100],
      ["0", null],
    ] as const) {
      await asAdmin(replica, `alter system set wal_receiver_timeout = '${value}'`);
      await asAdmin(replica, "select pg_reload_conf()");
      await waitUntil(async () => (await look(replica)).heartbeatEverySeconds === every, { what: value });
    }
    await asAdmin(replica, "alter system reset wal_receiver_timeout");
    await asAdmin(replica, "select pg_reload_conf()");
  });

  it("F3 sees a replica that is paused, and one that is delayed", async () => {
    await asAdmin(replica, "select pg_wal_replay_pause()");
    await asAdmin(server, "insert into public.orders values (3)");
    const { written } = await look(server);
    await waitUntil(async () => hasAll((await look(replica)).received, written) === true, {
      what: "it received",
    });
    const paused = await look(replica);
    expect(paused).toMatchObject({ applying: false, receiving: true });
    expect(hasAll(paused.applied, paused.received)).toBe(false);
    await asAdmin(replica, "select pg_wal_replay_resume()");
    await asAdmin(replica, "alter system set recovery_min_apply_delay = '5min'");
    await asAdmin(replica, "select pg_reload_conf()");
    await waitUntil(async () => (await look(replica)).delaySeconds === 300, { what: "it is delayed" });
    await asAdmin(replica, "alter system reset recovery_min_apply_delay");
    await asAdmin(replica, "select pg_reload_conf()");
    await caughtUp(replica);
  });

  it("F3 says at which step a node was not reached: nothing listens, or nobody answers", async () => {
    expect(await look({ port: 9 })).toMatchObject({ reachable: false, failedAt: "tcp", writable: null });
    expect((await look({ port: 9 })).refused).toBe(true);
    process.kill(replica.pid, "SIGSTOP");
    try {
      expect(await look(replica)).toMatchObject({ reachable: false, failedAt: "handshake", applied: null });
      expect(await look(replica)).not.toHaveProperty("refused");
    } finally {
      process.kill(replica.pid, "SIGCONT");
    }
  });

  it("F5 does nothing by an order that is late", async () => {
    const late = await turn(server, "fence", "2020-01-01T00:00:00Z");
    expect(late).toMatchObject({ is: "refused", says: expect.stringContaining("good until") });
    expect((await look(server)).fenced).toBe(false);
  });

  it("F5 a fenced primary has no client left and takes none, and the responder still looks", async () => {
    const sessions = [await client(), await client(), await client(server, "postgres")];
    await sessions[0]?.query("begin");
    await sessions[0]?.query("insert into orders values (4)");
    expect(await turn(server, "fence")).toEqual({ is: "done", says: null });
    for (const session of sessions)
      await expect(session.query("insert into orders values (5)")).rejects.toThrow();
    await expect(client()).rejects.toMatchObject({ code: "53300" });
    await expect(client(server, "postgres")).rejects.toMatchObject({ code: "53300" });
    const seen = await look(server);
    expect(seen).toMatchObject({ reachable: true, writable: false, fenced: true, clients: 0 });
    expect(await turn(server, "fence")).toEqual({ is: "done", says: null });
    await waitUntil(async () => hasAll((await look(replica)).applied, seen.written) === true, {
      what: "the replica has all that the fenced primary had",
    });
  });

  it("F5 opens it again as it was before", async () => {
    expect(await turn(server, "unfence")).toEqual({ is: "done", says: null });
    expect(await turn(server, "unfence")).toEqual({ is: "done", says: null });
    const shop = await client();
    await shop.query("insert into orders values (6)");
    const { rows } = await shop.query(
      `select datconnlimit as limit, shobj_description(oid, 'pg_database') as comment
       from pg_database where datname = 'app'`,
    );
    expect(rows).toEqual([{ limit: 50, comment: "the shop's own" }]);
    expect((await shop.query("show default_transaction_read_only")).rows).toEqual([
      { default_transaction_read_only: "off" },
    ]);
    await shop.end();
    expect(await look(server)).toMatchObject({ writable: true, fenced: false });
  });

  it("F5 says whose databases it may not close, and ends the clients that are there all the same", async () => {
    await asMaster("create role poor login password 'choose-one'");
    await asMaster("grant pg_monitor, pg_signal_backend to poor");
    const shop = await client();
    const outcome = await doorAt("postgres", postgresDoor, "poor").turn(server, "fence");
    expect(outcome).toMatchObject({ is: "refused", says: expect.stringContaining("app, postgres") });
    await expect(shop.query("select 1")).rejects.toThrow();
    expect((await look(server)).fenced).toBe(false);
  });

  it("F5 fences nothing where it cannot see whom it would have to end, and says which grant is missing", async () => {
    await asMaster("create role blind login password 'choose-one'");
    await asMaster(`grant rds_responder_act_owner to blind`);
    const shop = await client();
    await shop.query("begin");
    await shop.query("insert into orders values (8)");
    const outcome = await doorAt("postgres", postgresDoor, "blind").turn(server, "fence");
    expect(outcome).toMatchObject({
      ...{ is: "refused", says: expect.stringContaining('GRANT pg_monitor, pg_signal_backend TO "blind";') },
    });
    await shop.query("commit");
    await shop.end();
    const seen = await look(server);
    expect(seen).toMatchObject({ writable: true, fenced: false, traces: false });
  });

  it("F5 closes nothing where it may not end whom it sees, and says which grant is missing", async () => {
    await asMaster("create role mute login password 'choose-one'");
    await asMaster("grant pg_monitor, rds_responder_act_owner to mute");
    const shop = await client();
    await shop.query("insert into orders values (10)");
    const outcome = await doorAt("postgres", postgresDoor, "mute").turn(server, "fence");
    expect(outcome).toMatchObject({
      ...{ is: "refused", says: expect.stringMatching(/may not end.*pg_signal_backend TO "mute";/) },
    });
    expect(await look(server)).toMatchObject({ writable: true, fenced: false, traces: false });
    await shop.query("insert into orders values (11)");
    await shop.end();
    await (await client()).end();
    await asMaster("grant pg_signal_backend to mute");
    expect(await doorAt("postgres", postgresDoor, "mute").turn(server, "fence")).toMatchObject({
      is: "done",
    });
    expect(await doorAt("postgres", postgresDoor, "mute").turn(server, "unfence")).toMatchObject({
      is: "done",
    });
  });

  it("F3 does not count what it may not see: no clients and no transaction are then unknown", async () => {
    const shop = await client();
    await shop.query("begin");
    await shop.query("insert into orders values (9)");
    const seen = await doorAt("postgres", postgresDoor, users.act, "blind").look(server);
    expect(seen).toMatchObject({ reachable: true, clients: null, openTransaction: null });
    expect((await look(server)).clients).toBe(1);
    await shop.end();
  });

  it("F6 opens the promoted replica, which has the fence of the primary", async () => {
    expect(await lookAgain(server)).toMatchObject({ writable: true, fenced: false });
    expect(await lookAgain(replica)).toMatchObject({ writable: false, receiving: true });
    await turn(server, "fence");
    await caughtUp(replica);
    expect(await lookAgain(server)).toMatchObject({ writable: false, fenced: true, clients: 0 });
    expect(await turn(replica, "fence")).toEqual({ is: "done", says: null });
    await asAdmin(replica, "select pg_promote()");
    await waitUntil(async () => (await look(replica)).written !== null, { what: "it is promoted" });
    expect(await look(replica)).toMatchObject({ writable: false, fenced: true });
    // A session of before the promotion: who it is by now is asked of the server.
    expect(await lookAgain(replica)).toMatchObject({ writable: false, fenced: true, received: null });
    expect((await lookAgain(replica)).written).not.toBeNull();
    await turn(replica, "unfence");
    expect(await look(replica)).toMatchObject({ writable: true, fenced: false });
    await (await client(replica)).query("insert into orders values (7)");
    expect(await look(server)).toMatchObject({ writable: false, fenced: true, clients: 0 });
  });
}

function asAdmin(node: LabNode, sql: string): Promise<void> {
  return once(node.adminUrl, sql);
}

async function once(url: string, sql: string): Promise<void> {
  const session = new Client({ connectionString: url });
  await session.connect();
  try {
    await session.query(sql);
  } finally {
    await session.end();
  }
}
