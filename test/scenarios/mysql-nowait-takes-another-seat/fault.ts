import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Buyers take a seat by NOWAIT and try another when it is taken: the errors are how it is meant to work",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const seats = stage.table();
    const buyers = await stage.mySessions(stage.number(7, 10), stage.application());
    const [setup] = buyers;
    await setup?.query(`CREATE TABLE ${seats} (id int PRIMARY KEY, taken int NOT NULL)`);
    await setup?.query(
      `INSERT INTO ${seats} VALUES ${Array.from({ length: 40 }, (_, index) => `(${index + 1}, 0)`).join(", ")}`,
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, buyers, 400, async (buyer, turn) => {
      for (let seat = 1 + (turn % 3); seat <= 40; seat += 1) {
        await buyer.query("START TRANSACTION");
        try {
          await buyer.query(`SELECT taken FROM ${seats} WHERE id = ${seat} FOR UPDATE NOWAIT`);
          await buyer.query(`UPDATE ${seats} SET taken = taken + 1 WHERE id = ${seat}`);
          await pause(35);
          await buyer.query("COMMIT");
          break;
        } catch {
          await buyer.query("ROLLBACK");
        }
      }
      await pause(5);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(41)],
});
