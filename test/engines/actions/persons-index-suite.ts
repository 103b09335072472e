import { expect, it } from "vitest";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { executeOrder } from "../../../functions/core/actions/execute.ts";
import type { Outcome } from "../../../functions/core/contract/work-order.ts";
import type { Databases } from "../../../functions/core/ports.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import type { LabServer } from "../../lab/engines/lab-server.ts";
import { databasesAs, execute, orderFor } from "./support.ts";

export interface PersonsLab {
  server(): LabServer;
  /** Runs as a person who owns the table. */
  sql(text: string): Promise<unknown>;
  /** Definitions of the table's indexes. */
  definition(): Promise<string>;
}

/** Of a build whose function died or has not looked since, and that has ended: no backend has this id. */
const gone = { id: 999_999, since: "2020-01-01" };
const dear = { cost: 400, ms: 5 };

export const schemaOf = ({ engine }: LabServer): string => (engine === "postgres" ? "public" : "app");

/** A look at what was begun half a minute ago. */
export function look(server: LabServer, id: string, input: object, handle: object): Promise<Outcome> {
  const [startedAt = "", until = ""] = [-30_000, 3_600_000].map((ms) =>
    new Date(Date.now() + ms).toISOString(),
  );
  const follows = { startedAt, until, mayTidy: true, handle: { ...gone, ...handle } };
  return execute(server, id, JSON.parse(JSON.stringify(input)), { follows });
}

/** items: 20,000 rows, one kind. A trial of an index on kind never pays. */
export function personsIndexSuite({ server, sql, definition }: PersonsLab): void {
  const index = (name: string, keys: string) => ({
    ...{ schema: schemaOf(server()), table: "items", name, unique: false, definition: keys },
  });
  const trial = (name: string, keys: string) => ({
    ...{ ...index(name, keys), gainPercent: 30 },
    statement: `SELECT sum(v) FROM ${schemaOf(server())}.items WHERE kind = 1`,
  });

  it("A10 A40 is not taken for what was built by its name alone, and there is no undo of it", async () => {
    await sql("CREATE INDEX items_one ON items (v, kind)");
    const end = await look(server(), "create-index", index("items_one", "(v)"), {});
    expect(end).toMatchObject({ status: "not-verified", mayHaveActed: true });
    expect(end.summary).toContain("whether it is the one that was built is not sure");
    expect(end).not.toHaveProperty("undo");
    expect(await definition()).toContain("items_one");
  });

  it("A10 is the one that was built where its definition is, and its undo takes that one back", async () => {
    await sql("CREATE INDEX items_two ON items (note)");
    const end = await look(server(), "create-index", index("items_two", "(note)"), {});
    expect(end).toMatchObject({ status: "done", undo: { input: { name: "items_two" } } });
  });

  it("A32 A40 is not dropped by a trial that has built another under its name", async () => {
    await sql("CREATE INDEX items_three ON items (kind, v)");
    const end = await look(server(), "try-index", trial("items_three", "(kind)"), { trial: dear });
    expect(end).toMatchObject({ status: "not-verified", mayHaveActed: true });
    expect(end.summary).not.toContain("dropped again");
    expect(end).not.toHaveProperty("undo");
    expect(await definition()).toContain("items_three");
  });

  it("A32 A40 is not dropped by a trial whose build nobody saw to its end, though it is just like it", async () => {
    await sql("CREATE INDEX items_four ON items (kind)");
    const end = await look(server(), "try-index", trial("items_four", "(kind)"), { trial: dear });
    expect(end).toMatchObject({ status: "not-verified", undo: { input: { name: "items_four" } } });
    expect(end.summary).toContain("does not pay by 30 %, and was not dropped");
    expect(await definition()).toContain("items_four");
    await sql(server().engine === "postgres" ? "DROP INDEX items_four" : "DROP INDEX items_four ON items");
  });

  it("A32 A40 is not dropped where it has come in the place of the one that was tried", async () => {
    let limits = 0;
    const databases: Databases = {
      connect: async (...args) => {
        const connected = await databasesAs("actor").connect(...args);
        if (connected.kind !== "connected") return connected;
        const { session } = connected;
        const replacing: typeof session = {
          ...session,
          query: async (asked, signal) => {
            // Asked before the build, and again when the statement has been measured after it.
            if (/lock_(wait_)?timeout = /i.test(asked.sql)) limits += 1;
            if (limits === 2) {
              limits += 1;
              await sql(
                server().engine === "postgres" ? "DROP INDEX items_five" : "DROP INDEX items_five ON items",
              );
              await sql("CREATE INDEX items_five ON items (kind, id)");
            }
            return session.query(asked, signal);
          },
        };
        return { ...connected, session: replacing };
      },
    };
    const end = await executeOrder(
      orderFor(server(), "try-index", trial("items_five", "(kind)")),
      { databases, clock: createSystemClock(), probing: defaultSettings.probing },
      AbortSignal.timeout(45_000),
    );
    expect(limits).toBe(3);
    expect(end).toMatchObject({ status: "not-verified", mayHaveActed: true });
    expect(end.summary).toContain("not known to be the one that was built any more");
    expect(end).not.toHaveProperty("undo");
    expect(await definition()).toContain("items_five");
  });
}
