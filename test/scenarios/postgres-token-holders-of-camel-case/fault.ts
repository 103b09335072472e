import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title:
    "Prisma asks for the richest holders of a token, whose address no index knows; its names want quotes",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const api = await stage.pgSessions(stage.number(3, 4), "token-api");
    const syncer = await stage.pgSessions(1, "chain-sync");
    const notebook = await onePg(stage, "notebook");
    const rows = stage.number(110_000, 140_000);
    const [setup] = api;
    await setup?.query(`CREATE TABLE "TokenHolder" ("id" text PRIMARY KEY, "tokenAddress" text NOT NULL, "holderAddress" text NOT NULL, "amount" numeric(65,30) NOT NULL, "updatedAt" timestamp(3) NOT NULL);
      INSERT INTO "TokenHolder" SELECT 'ck' || md5(n::text), '0x' || md5('t' || n % 900), '0x' || md5('h' || n), n * 1.5, now() FROM generate_series(1, ${rows}) n;
      CREATE TABLE "SyncCursor" ("chainId" int PRIMARY KEY, "block" bigint NOT NULL);
      INSERT INTO "SyncCursor" SELECT n, 0 FROM generate_series(1, 20) n`);
    await setup?.query(`ANALYZE "TokenHolder"`);
    await ordinaryWork(stage, 3);
    // Harmless: a notebook that looks at one row in a transaction and thinks about it.
    await notebook.query("BEGIN");
    await notebook.query(`SELECT * FROM "SyncCursor" WHERE "chainId" = 7`);
    await keepRunning(stage, syncer, 10, async (client, turn) => {
      await client.query(`UPDATE "SyncCursor" SET "block" = "block" + 1 WHERE "chainId" = $1`, [
        1 + (turn % 20),
      ]);
      await client.query(
        `UPDATE "TokenHolder" SET "amount" = "amount" + 1, "updatedAt" = now() WHERE "id" = 'ck' || md5($1)`,
        [String(1 + turn)],
      );
      await pause(40);
    });
    await keepRunning(stage, api, 160, async (client, turn) => {
      await client.query(
        `SELECT "public"."TokenHolder"."id", "public"."TokenHolder"."tokenAddress", "public"."TokenHolder"."holderAddress", "public"."TokenHolder"."amount", "public"."TokenHolder"."updatedAt" FROM "public"."TokenHolder" WHERE "public"."TokenHolder"."tokenAddress" = '0x' || md5($1) ORDER BY "public"."TokenHolder"."amount" DESC LIMIT $2 OFFSET $3`,
        [`t${turn % 900}`, 100, 0],
      );
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(94)],
});
