import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** Persistent connections of a web server's children: one each, used for a moment in a while, never given back. */
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The web tier was scaled out and every PHP child keeps its persistent connection; nearly all sleep, few slots are left",
  server: { maxConnections: 60 },
  thresholds: { idleSessionSeconds: 6, leakIdleSeconds: 10 },
  make: async (stage) => {
    await ordinaryWork(stage, 4);
    const children = await stage.mySessions(stage.number(46, 48), "php-fpm");
    const [setup] = children;
    await setup?.query(
      "CREATE TABLE page_views (site varchar(20), path varchar(80), views bigint NOT NULL, PRIMARY KEY (site, path))",
    );
    const rows = Array.from({ length: 60 }, (_, n) => `('main', '/p/${n}', 0)`).join(", ");
    await setup?.query(`INSERT INTO page_views VALUES ${rows}`);
    for (const [index, child] of children.entries()) {
      await child.query(`SELECT views FROM page_views WHERE site = 'main' AND path = '/p/${index}'`);
    }
    // The first five get all the requests there are.
    await keepRunning(stage, children.slice(0, 5), 30, async (child, turn) => {
      await child.query("UPDATE page_views SET views = views + 1 WHERE site = 'main' AND path = ?", [
        `/p/${turn % 60}`,
      ]);
      await pause(90);
    });
    await pause(13_000);
    return { culprits: children.slice(5).map((child) => child.threadId ?? 0) };
  },
});
