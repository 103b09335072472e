import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import { mariadbAvailability, mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import type { MariadbServer, MysqlServer } from "../../lab/engines/lab-server.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { actorStatements, execute } from "./support.ts";

describeEngine("indexes that are dropped on MySQL", await mysqlAvailability(), () =>
  dropSuite(() => startMysql()),
);
describeEngine("indexes that are dropped on MariaDB", await mariadbAvailability(), () =>
  dropSuite(() => startMariadb()),
);

const of = (name: string, more: object = {}) => ({
  ...{ schema: "app", table: "items", name, keeps: null, scans: null },
  ...more,
});

function dropSuite(start: () => Promise<MysqlServer | MariadbServer>): void {
  let server: MysqlServer | MariadbServer;
  let admin: Connection;
  const open: Connection[] = [];

  beforeAll(async () => {
    server = await start();
    await createLabUsers(server);
    admin = await createConnection({ uri: server.adminUrl });
    open.push(admin);
    for (const sql of actorStatements(server.engine)) await admin.query(sql);
    await admin.query("CREATE TABLE app.orders (id INT PRIMARY KEY)");
    await admin.query(
      "CREATE TABLE app.items (id INT PRIMARY KEY, order_id INT, v INT, note CHAR(80), KEY items_order (order_id), KEY items_v (v), KEY items_v_note (v, note), UNIQUE KEY items_once (v, id), KEY `by``note` (note(10) DESC), FULLTEXT KEY items_text (note), CONSTRAINT items_fk FOREIGN KEY (order_id) REFERENCES app.orders (id))",
    );
    await admin.query("INSERT INTO app.orders VALUES (1), (2)");
    await admin.query("INSERT INTO app.items VALUES (1, 1, 1, 'a'), (2, 2, 2, 'b')");
  });
  afterAll(async () => {
    await closeAll(open);
    await server?.stopNow();
  });

  const drop = (input: ReturnType<typeof of>, options = {}): Promise<Outcome> =>
    execute(server, "drop-index", input, options);
  const hide = (name: string, visible: boolean, keys = "`v`"): Promise<Outcome> => {
    const was = { unique: false, definition: `(${keys})` };
    return execute(server, "hide-index", { schema: "app", table: "items", name, visible, was });
  };
  const definition = async (): Promise<string> => {
    const [rows] = await admin.query("SHOW CREATE TABLE app.items");
    return JSON.stringify(rows);
  };

  it("A13 says which right is missing", async () => {
    expect(await drop(of("items_v"))).toMatchObject({ refusal: { guard: "no-such-object" } });
    expect(await hide("items_v", false)).toMatchObject({ refusal: { guard: "no-such-object" } });
    await admin.query("GRANT SELECT, INDEX, ALTER ON app.items TO actor@'%'");
  });

  it.each([
    ["PRIMARY", "backs-constraint", {}],
    ["items_order", "foreign-key", {}],
    ["items_once", "unique-index", {}],
    ["items_once", "not-covered", { keeps: "items_v_note" }],
    ["items_text", "special-index", {}],
    ["items_v", "still-visible", {}],
    ["items_v", "not-covered", { keeps: "items_order" }],
    ["items_v", "not-covered", { keeps: "items_v" }],
  ])("A13 leaves %s alone (%s)", async (name, guard, more) => {
    expect(await drop(of(name, more))).toMatchObject({ status: "refused", refusal: { guard } });
    expect(await definition()).toContain(name);
  });

  it("A13 hides it first, once, and shows it again", async () => {
    const hidden = await hide("by`note", false, "`note`(10) DESC");
    expect(hidden).toMatchObject({
      status: "done",
      undo: { actionId: "hide-index", input: { visible: true } },
    });
    expect(await definition()).toMatch(/INVISIBLE|IGNORED/);
    expect(await hide("by`note", false, "`note`(10) DESC")).toMatchObject({ status: "already-done" });
    expect(await execute(server, "hide-index", hidden.undo?.input ?? null)).toMatchObject({ status: "done" });
    expect(await definition()).not.toMatch(/INVISIBLE|IGNORED/);
  });

  it("A13 drops what is hidden, once, and its undo builds it again as it was", async () => {
    const before = await definition();
    await hide("by`note", false, "`note`(10) DESC");
    const was = { unique: false, definition: "(`note`(10) DESC)" };
    const done = await drop(of("by`note", { was }));
    expect(done).toMatchObject({ status: "done", undo: { actionId: "create-index" } });
    expect(await definition()).not.toContain("by``note");
    expect(await drop(of("by`note"))).toMatchObject({ status: "already-done" });
    expect(await execute(server, "create-index", done.undo?.input ?? null)).toMatchObject({ status: "done" });
    const order = (text: string): string => text.split(/,?\\n/).toSorted().join("\n");
    expect(order(await definition())).toBe(order(before));
  });

  it("A13 keeps its undo when a repeat finds it dropped, by what was read of it before", async () => {
    const found = of("items_found", { was: { unique: false, definition: "(`v` DESC, `note`(5))" } });
    expect(await drop(found)).not.toHaveProperty("undo");
    const again = await drop(found, { repeated: true });
    expect(again).toMatchObject({
      ...{ status: "already-done", mayHaveActed: true },
      undo: { actionId: "create-index" },
    });
    expect(await execute(server, "create-index", again.undo?.input ?? null)).toMatchObject({
      status: "done",
    });
    expect(await definition()).toContain("items_found");
    await admin.query("ALTER TABLE app.items DROP INDEX items_found");
    const expression = of("items_sum", { was: { unique: false, definition: "(`v`, (id + 1))" } });
    expect(await drop(expression, { repeated: true })).not.toHaveProperty("undo");
  });

  it("A13 drops no index that somebody has made anew under the name, on something else, hidden or covered", async () => {
    const made = (keys: string, more = ""): Promise<unknown> =>
      admin.query(`ALTER TABLE app.items ADD ${more} KEY items_judged (${keys})`);
    const hideIt = server.engine === "mariadb" ? "IGNORED" : "INVISIBLE";
    const was = { unique: false, definition: "(`v`)" };
    await made("note");
    await hide("items_judged", false, "`note`");
    const hidden = await drop(of("items_judged", { was }));
    expect(hidden).toMatchObject({ status: "refused", refusal: { guard: "changed-since" } });
    expect(hidden.summary).toContain("is (`note`) now, and was (`v`)");
    for (const [keys, kind] of [
      ["v, note", ""],
      ["v", "UNIQUE"],
    ] as const) {
      await admin.query("ALTER TABLE app.items DROP KEY items_judged");
      await made(keys, kind);
      const covered = of("items_judged", { was, keeps: kind === "" ? "items_v_note" : "items_twin" });
      if (kind !== "") await admin.query("ALTER TABLE app.items ADD UNIQUE KEY items_twin (v)");
      expect(await drop(covered)).toMatchObject({ refusal: { guard: "changed-since" } });
    }
    await admin.query("ALTER TABLE app.items DROP KEY items_judged, DROP KEY items_twin");
    await made("v");
    await admin.query(`ALTER TABLE app.items ALTER INDEX items_judged ${hideIt}`);
    expect(await drop(of("items_judged", { was }))).toMatchObject({ status: "done" });
    if (server.engine === "mariadb") return;
    await made("v, (id + 1) DESC");
    await admin.query("ALTER TABLE app.items ALTER INDEX items_judged INVISIBLE");
    const sum = (more: number) => ({ unique: false, definition: `(\`v\`, ((\`id\` + ${more})) DESC)` });
    expect(await drop(of("items_judged", { was: sum(2) }))).toMatchObject({
      refusal: { guard: "changed-since" },
    });
    expect(await drop(of("items_judged", { was: sum(1) }))).toMatchObject({ status: "done" });
  });

  it("A13 drops at once what another one does already", async () => {
    const unsaid = await drop(of("items_v", { keeps: "items_v_note" }));
    expect(unsaid).toMatchObject({ status: "refused", refusal: { guard: "nothing-to-compare" } });
    expect(unsaid.refusal?.reason).toContain("Index items_v is (`v`) now");
    const was = { unique: false, definition: "(`v`)" };
    const done = await drop(of("items_v", { keeps: "items_v_note", was }));
    expect(done).toMatchObject({ status: "done" });
    expect(done.undo?.preview).toContain("ADD INDEX `items_v` (`v`)");
  });

  it("A13 compares a definition to its end, however long: what differs in its last key is another one", async () => {
    const columns = Array.from({ length: 16 }, (_, n) => `long_${String(n).padStart(59, "_")}`);
    const off = server.engine === "mariadb" ? "IGNORED" : "INVISIBLE";
    const keys = (last: string): string => `(${columns.map((one) => `\`${one}\``).join(", ")}${last})`;
    const was = { unique: false, definition: keys(" DESC") };
    expect(was.definition.length).toBeGreaterThan(1024);
    await admin.query(
      `CREATE TABLE app.wide (id INT PRIMARY KEY, ${columns.map((one) => `${one} INT`).join(", ")})`,
    );
    await admin.query("GRANT SELECT, INDEX, ALTER ON app.wide TO actor@'%'");
    await admin.query(`ALTER TABLE app.wide ADD KEY wide_all ${keys("")} ${off}`);
    const other = await drop(of("wide_all", { table: "wide", was }));
    expect(other).toMatchObject({ status: "refused", refusal: { guard: "changed-since" } });
    await admin.query(`ALTER TABLE app.wide DROP KEY wide_all, ADD KEY wide_all ${keys(" DESC")} ${off}`);
    const done = await drop(of("wide_all", { table: "wide", was }));
    expect(done).toMatchObject({ status: "done", undo: { actionId: "create-index", input: was } });
  });

  it("A10 takes back the index that it has built, and no other one under its name", async () => {
    const build = {
      schema: "app",
      table: "items",
      name: "items_built",
      unique: false,
      definition: "(`v`,note)",
    };
    const built = await execute(server, "create-index", build);
    const was = { unique: false, definition: "(`v`, `note`)" };
    expect(built).toMatchObject({ status: "done", undo: { actionId: "hide-index", input: { was } } });
    const undo = (): Promise<Outcome> => execute(server, "hide-index", built.undo?.input ?? null);
    await admin.query("ALTER TABLE app.items DROP KEY items_built, ADD KEY items_built (note)");
    expect(await undo()).toMatchObject({ status: "refused", refusal: { guard: "changed-since" } });
    expect(await definition()).not.toMatch(/INVISIBLE|IGNORED/);
    await admin.query("ALTER TABLE app.items DROP KEY items_built, ADD KEY items_built (v, note)");
    const hidden = await undo();
    expect(hidden).toMatchObject({ status: "done", undo: { input: { was, visible: true } } });
    await admin.query("ALTER TABLE app.items DROP KEY items_built");
  });

  it("A13 takes a name for what it is, and no pattern: a_b is not axb, and a1 is not one letter of a", async () => {
    await admin.query(
      "CREATE TABLE app.names (id INT PRIMARY KEY, axb INT, a_b INT, a CHAR(9), a1 CHAR(9), KEY names_under (a_b), KEY names_x (axb, id), KEY names_1 (a1), KEY names_a (a(1), id), KEY names_down (axb DESC))",
    );
    await admin.query("GRANT SELECT, INDEX, ALTER ON app.names TO actor@'%'");
    const pairs = [
      ["names_under", "names_x"],
      ["names_1", "names_a"],
      ["names_down", "names_x"],
    ] as const;
    for (const [name, keeps] of pairs)
      expect(await drop(of(name, { table: "names", keeps }))).toMatchObject({
        refusal: { guard: "not-covered" },
      });
    if (server.engine === "mariadb") return;
    await admin.query(
      "ALTER TABLE app.names ADD KEY names_sum ((id + 1)), ADD KEY names_next ((id + 2), axb)",
    );
    expect(await drop(of("names_sum", { table: "names", keeps: "names_next" }))).toMatchObject({
      refusal: { guard: "not-covered" },
    });
    await admin.query("ALTER TABLE app.names ADD KEY names_sum_axb ((id + 1), axb)");
    const was = { unique: false, definition: "(((`id` + 1)))" };
    expect(await drop(of("names_sum", { table: "names", keeps: "names_sum_axb", was }))).toMatchObject({
      status: "done",
    });
  });

  it("A13 gives up within seconds behind an open transaction, so that nobody queues behind it for long", async () => {
    const holder = await openSession(server, { user: "shop" });
    open.push(holder);
    await holder.query("BEGIN");
    await holder.query("SELECT * FROM app.items WHERE id = 1");
    expect(await hide("items_v_note", false, "`v`, `note`")).toMatchObject({
      refusal: { guard: "lock-timeout" },
    });
    await holder.query("ROLLBACK");
    expect(await definition()).not.toMatch(/INVISIBLE|IGNORED/);
  }, 30_000);
}
