import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { speedUpAutovacuum } from "../../../functions/core/remedies/autovacuum-remedies.ts";
import { createIndex } from "../../../functions/core/remedies/index-remedies.ts";
import { rewriteTable } from "../../../functions/core/remedies/query-remedies.ts";
import { raiseMaxWalSize } from "../../../functions/core/remedies/wal-remedies.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { aTarget, aView } from "../../support/evidence-builder.ts";
import { aTable } from "../../support/statement-builder.ts";
import { majors } from "./postgres-lab.ts";

describe.each(majors)("texts that are pasted into PostgreSQL %i", (major) => {
  let server: PostgresServer;
  let root: Client;

  beforeAll(async () => {
    server = await startPostgres({ major, settings: { autovacuum: "off" } });
    root = await openSession(server, { user: "rdsadmin" });
  });

  afterAll(async () => {
    await closeAll([root].filter((client) => client !== undefined));
    await server?.stopNow();
  });

  it("A8 A10 A24 what fails when it is pasted as one text says so", async () => {
    const workers = { enabled: true, workersBusy: 3, workersMax: 3, wraparoundWorkers: 0, waitingWorkers: 0 };
    const speed = { costDelayMs: 2, costLimit: 200, naptimeSeconds: 60, memoryBytes: 0 };
    const often = { everySeconds: 20, says: "", source: "", walBytesPerSecond: null, imagePercent: null };
    const own = aView({ overrides: { target: aTarget({ flavour: "self-managed" }) } });
    const trigrams =
      "CREATE EXTENSION pg_trgm;\nCREATE INDEX CONCURRENTLY ON public.words USING gin (word gin_trgm_ops)";
    await root.query("create table public.words (word text); create table public.orders (id int)");
    const shown = [
      ...speedUpAutovacuum(own, { ...workers, ...speed, longestSeconds: null, longestWork: null }),
      ...raiseMaxWalSize(own, { ...often, maxWalBytes: 1024 ** 3 }),
      createIndex(own, trigrams, "index word of words", null),
      rewriteTable(own, aTable({})),
    ];
    expect(shown).toHaveLength(4);
    for (const { preview, consequence } of shown) {
      await expect(root.query(preview)).rejects.toMatchObject({ code: "25001" });
      expect(consequence).toContain("one after the other");
      for (const statement of preview.split(/;\n/)) await root.query(statement);
    }
  });
});
