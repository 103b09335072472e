import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A release went out before its migration: it asks for a column that is not there, and each of its statements fails",
  majors: [15],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "catalogue");
    await setup.query(
      `CREATE TABLE albums (id int PRIMARY KEY, title varchar(60) NOT NULL, price int NOT NULL);
       INSERT INTO albums SELECT n, 'album ' || n, 5 + n % 30 FROM generate_series(1, 8000) AS n;
       CREATE TABLE visits_now (id int PRIMARY KEY, visitor varchar(40) NOT NULL);
       INSERT INTO visits_now SELECT n, 'visitor ' || n FROM generate_series(1, 900) AS n`,
    );
    await settled(setup, "albums, visits_now");
    const released = await stage.pgSessions(5, "catalogue");
    let failed = 0;
    await keepRunning(stage, released, 300, async (client, turn) => {
      await client.query("SELECT visitor FROM visits_now WHERE id = $1", [1 + (turn % 900)]);
      await client
        .query("SELECT id, title, price, cover_url FROM albums WHERE id = $1", [1 + (turn % 8000)])
        .catch(() => {
          failed += 1;
        });
      await pause(15);
    });
    if (failed < 300) throw new Error(`only ${failed} failed`);
    await pause(3000);
    return { culprits: [] };
  },
});
