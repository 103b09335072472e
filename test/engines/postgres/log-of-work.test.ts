import { readFileSync } from "node:fs";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import type { LogExcerpt } from "../../../functions/core/contract/log-excerpt.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession, waitUntil } from "../../lab/engines/sql.ts";
import { majors } from "./postgres-lab.ts";

describe.each(majors)("what work the log of PostgreSQL %i tells of", (major) => {
  let server: PostgresServer;
  let session: Client;

  beforeAll(async () => {
    const settings = {
      log_temp_files: "0",
      log_autovacuum_min_duration: "0",
      autovacuum_naptime: "1s",
      log_line_prefix: "%t:%r:%u@%d:[%p]:",
    };
    server = await startPostgres({ major, settings });
    session = await openSession(server);
  });

  afterAll(async () => {
    await closeAll(session ? [session] : []);
    await server?.stopNow();
  });

  function read(): NonNullable<LogExcerpt["read"]> {
    const text = readFileSync(server.logFile, "utf8");
    const portion = { file: "x", kind: "error", lastWrittenAt: null, truncated: false, text } as const;
    const options = {
      dialect: "postgres",
      queryText: "normalised",
      maxLines: 10,
      maxLineLength: 500,
    } as const;
    return cleanLog(portion, options).read ?? { messages: 0, seconds: 0, until: null, errors: [] };
  }

  it("D4 the temporary files of a sort, with their statement and its user", async () => {
    await session.query("set work_mem = '64kB'");
    await session.query("select n, 'secret' from generate_series(1, 100000) n order by n desc");
    await waitUntil(() => Promise.resolve(read().temporary !== undefined), {
      timeoutMs: 10_000,
      what: "the temporary file in the log",
    });
    const [most] = read().temporary?.statements ?? [];
    expect(most).toMatchObject({ query: expect.stringContaining("generate_series(?, ...)") });
    expect(most?.query).not.toContain("secret");
    expect(most?.bytes).toBeGreaterThan(1_000_000);
    expect(most?.user).not.toBeNull();
  });

  it("D4 the dead rows that autovacuum had to leave for somebody's view of the data", async () => {
    await session.query(
      "create table left_behind (id int, state int) with (autovacuum_vacuum_threshold = 10)",
    );
    await session.query("insert into left_behind select n, 0 from generate_series(1, 5000) n");
    const holder = await openSession(server);
    try {
      await holder.query("begin isolation level repeatable read");
      await holder.query("select count(*) from left_behind");
      await session.query("update left_behind set state = 1");
      await waitUntil(
        async () => {
          // Before version 15 a session's counters are sent when it has something to do.
          await session.query("select 1");
          return read().vacuums !== undefined;
        },
        { timeoutMs: 60_000, what: "autovacuum's line in the log" },
      );
    } finally {
      await closeAll([holder]);
    }
    expect(read().vacuums).toMatchObject([{ table: "public.left_behind", held: 5000, remain: 10_000 }]);
  });
});
