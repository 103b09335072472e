import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresFailingStatements } from "../../../functions/core/probes/postgres/failing-statements.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { rowsOf, runSql } from "./performance-support.ts";
import { createProbeUsers, majors } from "./postgres-lab.ts";

describe.each(majors)("statements of PostgreSQL %i that leave a transaction aborted", (major) => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres({ major });
    await createProbeUsers(server.adminUrl);
    await runSql(
      server.masterUrl,
      "create table tags (name text primary key)",
      "insert into tags values ('a')",
    );
  });

  afterAll(async () => {
    await server?.stopNow();
  });

  /** Each turn of one client is as long as a way over the network. */
  async function turns(client: Client, statements: readonly string[]): Promise<void> {
    for (const statement of statements) {
      await client.query(statement).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 8));
    }
  }

  async function seenOf(statements: readonly string[]) {
    const client = new Client({ connectionString: server.masterUrl, application_name: "tagger" });
    await client.connect();
    let goesOn = true;
    const work = (async () => {
      while (goesOn) await turns(client, statements);
    })();
    try {
      return await rowsOf(postgresFailingStatements, { port: server.port, between: async () => undefined });
    } finally {
      goesOn = false;
      await work;
      await client.end();
    }
  }

  const fails = "insert into tags values ('a')";
  const byChance = ["transaction", "aborted"];

  it("P7 names the one whose client rolls back at once", async () => {
    const rows = await seenOf(["begin", fails, "rollback"]);
    const found = rows.filter(({ failedAt }) => failedAt === "transaction");
    expect(found).toMatchObject([{ query: "insert into tags values (?)", applications: ["tagger"] }]);
    expect(found[0]?.sessions).toBeGreaterThan(2);
  });

  it("P7 tells what was sent behind the error from the error", async () => {
    const rows = await seenOf(["begin", fails, "select 1", "select 2", "select 3", "rollback"]);
    const later = rows.filter(({ query }) => query?.startsWith("select"));
    expect(later.length).toBeGreaterThan(0);
    for (const row of later) expect(row).toMatchObject({ sessions: 1, failedAt: "aborted" });
    expect(rows.filter(({ failedAt }) => failedAt === "parsing")).toEqual([]);
  });

  it("P7 tells nothing of who goes on behind a savepoint", async () => {
    const rows = await seenOf(["begin", "savepoint s", fails, "rollback to savepoint s", "commit"]);
    expect(rows.filter(({ failedAt }) => byChance.includes(failedAt))).toEqual([]);
  });

  it("P7 names whose it is that was refused or ended without being counted", async () => {
    const rows = await seenOf(["select gone from tags"]);
    expect(rows).toMatchObject([{ failedAt: "parsing", applications: ["tagger"] }]);
  });
});
