import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The forum keeps its sessions in a MEMORY table that has reached max_heap_table_size: every new visitor's INSERT fails with 1114",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const setup = await oneMy(stage, "forum-upgrade");
    await setup.query(
      "CREATE TABLE forum_sessions (sid char(32) CHARACTER SET ascii NOT NULL, last_seen int unsigned NOT NULL, payload varchar(8000) CHARACTER SET latin1 NOT NULL, PRIMARY KEY (sid) USING HASH) ENGINE=MEMORY",
    );
    let room = true;
    let made = 0;
    while (room) {
      const rows = Array.from(
        { length: 100 },
        (_, index) => `(LEFT(SHA2(${made + index}, 256), 32), 1790000000, 'user|i:0;')`,
      );
      made += 100;
      room = await setup.query(`INSERT INTO forum_sessions VALUES ${rows.join(", ")}`).then(
        () => made < 20_000,
        () => false,
      );
    }
    await ordinaryWork(stage, 3);
    const web = await stage.mySessions(stage.number(4, 6), "forum-web");
    await keepRunning(stage, web, 240, async (page, turn) => {
      // Members who were here before go on; whoever is new is shown an error.
      await page.query(`SELECT payload FROM forum_sessions WHERE sid = LEFT(SHA2(${turn % 500}, 256), 32)`);
      await page.query(
        `UPDATE forum_sessions SET last_seen = last_seen + 1 WHERE sid = LEFT(SHA2(${turn % 500}, 256), 32)`,
      );
      await page
        .query(
          `INSERT INTO forum_sessions (sid, last_seen, payload) VALUES (LEFT(SHA2('n${turn}', 256), 32), 1790000001, '')`,
        )
        .catch(() => undefined);
      await pause(40);
    });
    return { culprits: [] };
  },
});
