import { setTimeout as think } from "node:timers/promises";
import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import type { SqlSession } from "../../../functions/core/ports.ts";
import { probes } from "../../../functions/core/probes/index.ts";
import { runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, openSessions } from "../../lab/engines/sql.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import {
  connected,
  countOf,
  killAllBut,
  openAdmin,
  products,
  type Server,
  systemClock,
  targetOf,
  waitFor,
  waitingTransactions,
} from "./support.ts";

const immediate = probes.filter(({ tier }) => tier === "immediate");
const looks = 20;

type Turn = (worker: Connection) => Promise<unknown>;

const countUp = "UPDATE counters SET n = n + 1 WHERE id = 1";
const turns: readonly (readonly [string, Turn])[] = [
  ["one statement", (worker) => worker.query(`${countUp} AND SLEEP(0.05) = 0`)],
  [
    "a transaction whose client thinks for a moment",
    async (worker) => {
      await worker.query("START TRANSACTION");
      await worker.query(countUp);
      await think(60);
      await worker.query("COMMIT");
    },
  ],
  [
    "LOCK TABLES",
    async (worker) => {
      await worker.query("LOCK TABLES counters WRITE");
      await think(80);
      await worker.query("UNLOCK TABLES");
    },
  ],
];

for (const { engine, availability, start } of products) {
  describeEngine(`locks of ${engine} that change hands`, availability, () => {
    let server: Server;
    let admin: Connection;
    let session: SqlSession;
    let running = false;
    let workers: Connection[] = [];

    beforeAll(async () => {
      server = await start({ maxConnections: 120, settings: { "innodb-lock-wait-timeout": "120" } });
      admin = await openAdmin(server);
      await admin.query("CREATE TABLE counters (id INT PRIMARY KEY, n INT NOT NULL) ENGINE = InnoDB");
      await admin.query("INSERT INTO counters VALUES (1, 0), (2, 0)");
      session = await connected(targetOf(server));
    });
    afterAll(async () => {
      await session?.close();
      await closeAll(admin ? [admin] : []);
      await server?.stop();
    });
    afterEach(async () => {
      running = false;
      await killAllBut(admin, [session.server.backendId]);
      await closeAll(workers);
    });

    async function inTurns(turn: Turn): Promise<void> {
      running = true;
      workers = await openSessions(server, 32);
      const loop = async (worker: Connection): Promise<void> => {
        while (running) await turn(worker);
      };
      for (const worker of workers) loop(worker).catch(() => undefined);
    }

    /** Root causes with who is proposed to be ended. */
    async function seen(): Promise<{ roots: string[]; targets: string[] }> {
      const context = { target: targetOf(server), server: session.server, settings: defaultSettings };
      const results = await runProbes(session, immediate, context, systemClock);
      const evidence = { ...someEvidence({ engine }), target: targetOf(server), probes: results };
      const { findings, rootCauses } = diagnose(evidence, defaultSettings);
      const roots = findings.filter(({ key, severity }) => rootCauses.includes(key) && severity !== "P3");
      const targets = findings.flatMap(({ key, actions }) => (actions.length > 0 ? [key] : []));
      return {
        roots: roots.map(({ id }) => id),
        targets: targets.filter((key) => key.includes(":session:")),
      };
    }

    it.each(turns)(
      "D10 blames no holder of the moment in 20 looks, where a turn is %s",
      async (_what, turn) => {
        await inTurns(turn);
        await think(3000);
        const told = new Set<string>();
        for (let look = 0; look < looks; look += 1) {
          const { roots, targets } = await seen();
          expect(targets).toEqual([]);
          for (const root of roots) told.add(root);
        }
        expect([...told]).toEqual(["hot-row-contention"]);
      },
    );

    it("D3 blames an idle session that has taken the busy row, at each look", async () => {
      const [, countInTransaction] = turns[1] ?? [];
      const [idler] = await openSessions(server, 1);
      if (idler === undefined || countInTransaction === undefined) throw new Error("nobody to idle");
      await inTurns(countInTransaction);
      await idler.query("START TRANSACTION");
      await idler.query(countUp);
      await waitFor(
        async () => (await countOf(admin, waitingTransactions)) === workers.length,
        "all the others wait",
      );
      await think(4000);
      for (let look = 0; look < looks; look += 1) {
        const { roots, targets } = await seen();
        expect(roots).toEqual(["blocked-by-idle-transaction"]);
        expect(targets).toEqual([`blocked-by-idle-transaction:session:${idler.threadId}`]);
      }
      await closeAll([idler]);
    });
  });
}
