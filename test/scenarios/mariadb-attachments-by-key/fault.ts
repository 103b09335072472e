import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Nothing is wrong: documents of some 60 kB lie in the database and are read, listed and stored by key by several applications",
  tiers: ["immediate", "performance"],
  server: { settings: { "innodb-log-file-size": "268435456" } },
  make: async (stage) => {
    const viewers = await stage.mySessions(stage.number(4, 5), "case-viewer");
    const [scanner] = await stage.mySessions(1, "scan-station");
    const [setup] = viewers;
    await setup?.query(
      "CREATE TABLE case_documents (case_ref char(36) NOT NULL, part_no smallint unsigned NOT NULL, mime varchar(40) NOT NULL, stored_at datetime(3) NOT NULL, body mediumblob NOT NULL, PRIMARY KEY (case_ref, part_no))",
    );
    const ref = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
    for (let number = 0; number < 300; number += 1) {
      await setup?.query(
        `INSERT INTO case_documents VALUES ('${ref(number)}', 1, 'application/pdf', NOW(3), REPEAT('p', ${40_000 + (number % 40) * 1000})), ('${ref(number)}', 2, 'text/plain', NOW(3), REPEAT('t', 900))`,
      );
    }
    await ordinaryWork(stage, 4);
    let next = 1_000;
    let running = true;
    stage.cleanUp(async () => {
      running = false;
    });
    stage.leave(
      (async () => {
        while (running) {
          next += 1;
          await scanner?.query(
            `INSERT INTO case_documents VALUES ('${ref(next)}', 1, 'image/tiff', NOW(3), REPEAT('s', 55000))`,
          );
          await pause(250);
        }
      })(),
    );
    await keepRunning(stage, viewers, 200, async (viewer, turn) => {
      const of = ref((turn * 31) % 300);
      await viewer.query(`SELECT part_no, mime, stored_at FROM case_documents WHERE case_ref = '${of}'`);
      await viewer.query(`SELECT mime, body FROM case_documents WHERE case_ref = '${of}' AND part_no = 1`);
      await pause(40);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(33)],
});
