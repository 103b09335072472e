import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://grafclouds.com/tr/icerikler/alinan-dersler/otomatik-olcekleme-veritabani-oldurur
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The autoscaler has started more pods; each brings a pool of its own, all of them used in turn, and nearly all slots are taken",
  tiers: ["immediate", "performance", "health"],
  server: { maxConnections: 60 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, "migrate");
    await makeTable(setup, table);
    await setup.end();
    await ordinaryWork(stage);
    const pods = await stage.mySessions(38, stage.application());
    await keepRunning(stage, pods, 76, async (session, turn) => {
      await session.query(`SELECT state, n FROM ${table} WHERE id = ${1 + (turn % 50)}`);
      await pause(900 + (turn % 7) * 100);
    });
    const others = await stage.mySessions(14, stage.application());
    await keepRunning(stage, others, 28, async (session, turn) => {
      await session.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + (turn % 14)}`);
      await pause(1200);
    });
    return { culprits: [] };
  },
});
