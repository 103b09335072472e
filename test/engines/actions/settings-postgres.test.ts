import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { majors } from "../postgres/postgres-lab.ts";
import { actorStatements, execute } from "./support.ts";

const ofShop = { of: "role", name: "shop", setting: "statement_timeout", value: "60s" };

describe.each(majors)("time limits of roles and databases of PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;
  const open: Client[] = [];

  beforeAll(async () => {
    server = await startPostgres({ major });
    await createLabUsers(server);
    root = await openSession(server, { user: "rdsadmin" });
    open.push(root);
    for (const sql of actorStatements("postgres")) await root.query(sql);
  });
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  const held = async (setting: string): Promise<string> => {
    const client = await openSession(server, { user: "shop" });
    const { rows } = await client.query(`show ${setting}`);
    await client.end();
    return rows[0][setting];
  };

  it("A6 says whose right is missing and how to give it", async () => {
    const role = await execute(server, "set-timeout", ofShop);
    expect(role).toMatchObject({ status: "refused", refusal: { guard: "grant-missing" } });
    const database = { ...ofShop, of: "database", name: "app" };
    const other = await execute(server, "set-timeout", database);
    expect(other).toMatchObject({ status: "refused", refusal: { guard: "grant-missing" } });
    await root.query("alter role actor createrole");
    if (major >= 16) await root.query("grant shop to actor with admin option");
    await root.query("alter database app owner to shop");
    await root.query("grant shop to actor");
  });

  it("A6 sets a limit for new sessions, once, and takes it back to what it was", async () => {
    await root.query("alter role shop set statement_timeout = '90min'");
    const done = await execute(server, "set-timeout", ofShop);
    expect(done).toMatchObject({ status: "done" });
    expect(await held("statement_timeout")).toBe("1min");
    expect(await execute(server, "set-timeout", ofShop)).toMatchObject({ status: "already-done" });
    const again = await execute(server, "set-timeout", { ...ofShop, from: "90min" }, { repeated: true });
    expect(again).toMatchObject({
      status: "already-done",
      mayHaveActed: true,
      undo: { actionId: "set-timeout", input: { ...ofShop, value: "90min", from: "60s" } },
    });
    const unnamed = await execute(server, "set-timeout", ofShop, { repeated: true });
    expect(unnamed.undo).toBeUndefined();
    expect(done.undo).toMatchObject({
      actionId: "set-timeout",
      input: { ...ofShop, value: "90min", from: "60s" },
      preview: `ALTER ROLE "shop" SET statement_timeout = '90min'`,
    });
    const undone = await execute(server, "set-timeout", done.undo?.input ?? null);
    expect(undone).toMatchObject({ status: "done" });
    expect(await held("statement_timeout")).toBe("90min");
    await root.query("alter role shop reset statement_timeout");
  });

  it("A6 takes away what was not there before, and for a database, too", async () => {
    const ofApp = {
      of: "database",
      name: "app",
      setting: "idle_in_transaction_session_timeout",
      value: "5min",
    };
    const done = await execute(server, "set-timeout", ofApp);
    expect(done).toMatchObject({ status: "done" });
    expect(await held(ofApp.setting)).toBe("5min");
    expect(done.undo?.preview).toBe(`ALTER DATABASE "app" RESET ${ofApp.setting}`);
    expect(await execute(server, "set-timeout", done.undo?.input ?? null)).toMatchObject({ status: "done" });
    expect(await held(ofApp.setting)).toBe("0");
  });

  it("A6 says which roles the limit of a database does not reach, and which protected ones it does", async () => {
    const ofApp = { ...ofShop, of: "database", name: "app" };
    await root.query("create role reports login; create role batch login; create role nologin");
    await root.query("alter role reports set statement_timeout = '2h'");
    await root.query("alter role batch set statement_timeout = '1h'");
    await root.query("alter role batch in database app set statement_timeout = '3h'");
    await root.query("alter role nologin set statement_timeout = '4h'");
    const done = await execute(server, "set-timeout", ofApp, { guards: { protectedUsers: ["sho*"] } });
    expect(done).toMatchObject({ status: "done" });
    expect(done.summary).toContain("own: batch (3h in this database) and reports (2h).");
    expect(done.summary).toMatch(/holds for protected roles, too.*rdsadmin.*shop/);
    expect(done.summary).not.toContain("nologin");
    expect(await held("statement_timeout")).toBe("1min");
    await root.query("alter role shop in database app set statement_timeout = '5s'");
    const ofRole = await execute(server, "set-timeout", ofShop);
    expect(ofRole.summary).toContain("It does not hold in app (5s).");
    expect(await held("statement_timeout")).toBe("5s");
    await root.query("alter role shop in database app reset statement_timeout");
    await root.query("alter role shop reset statement_timeout; alter database app reset statement_timeout");
  });

  it("A6 takes nothing back that somebody has changed since", async () => {
    const done = await execute(server, "set-timeout", { ...ofShop, setting: "lock_timeout" });
    await root.query("alter role shop set lock_timeout = '7s'");
    const undone = await execute(server, "set-timeout", done.undo?.input ?? null);
    expect(undone).toMatchObject({ status: "refused", refusal: { guard: "changed-since" } });
    expect(await held("lock_timeout")).toBe("7s");
  });

  it("A6 overwrites no limit unseen that is shorter, or none on purpose, and takes 1min for 60s", async () => {
    for (const own of ["5s", "0"]) {
      await root.query(`alter role shop set statement_timeout = '${own}'`);
      const outcome = await execute(server, "set-timeout", ofShop);
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "set-on-purpose" } });
      const other = await execute(server, "set-timeout", { ...ofShop, from: "15min" });
      expect(other).toMatchObject({ status: "refused", refusal: { guard: "changed-since" } });
    }
    await root.query("alter role shop set statement_timeout = '1min'");
    expect(await execute(server, "set-timeout", ofShop)).toMatchObject({ status: "already-done" });
    const seen = { ...ofShop, value: "30s", from: "60s" };
    expect(await execute(server, "set-timeout", seen)).toMatchObject({ status: "done" });
    await root.query("alter role shop reset statement_timeout");
  });

  it("A40 limits no superuser, nobody protected, and not itself", async () => {
    for (const name of ["rdsadmin", "actor"]) {
      const outcome = await execute(server, "set-timeout", { ...ofShop, name });
      expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "protected-user" } });
    }
    const guards = { protectedUsers: ["sh*"] };
    const outcome = await execute(server, "set-timeout", ofShop, { guards });
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "protected-user" } });
    const gone = await execute(server, "set-timeout", { ...ofShop, name: "nobody" });
    expect(gone).toMatchObject({ status: "refused", refusal: { guard: "no-such-object" } });
  });

  it("A6 gives up when somebody else is changing the same role, so that nothing queues", async () => {
    const other = await openSession(server, { user: "rdsadmin" });
    open.push(other);
    await other.query("begin");
    await other.query("alter role shop set lock_timeout = '9s'");
    const outcome = await execute(server, "set-timeout", {
      ...ofShop,
      setting: "lock_timeout",
      value: "5s",
    });
    await other.query("rollback");
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "lock-timeout" } });
  }, 30_000);

  it("A40 is never done unasked", async () => {
    const outcome = await execute(server, "set-timeout", ofShop, { guards: { unasked: true } });
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "never-alone" } });
  });
});
