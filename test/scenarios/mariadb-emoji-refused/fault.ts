import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The new app lets people write emoji; the old column of three-byte utf8 refuses every review that has one",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(3, 5), stage.application());
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE reviews (product_no int unsigned NOT NULL, author varchar(40) NOT NULL, written_at datetime(3) NOT NULL, stars tinyint NOT NULL, remark varchar(500) NOT NULL, KEY of_product (product_no)) CHARACTER SET utf8mb3",
    );
    await ordinaryWork(stage, 2);
    await keepRunning(stage, clients, 500, async (client, turn) => {
      // Two of three reviewers are cheerful.
      const remark = turn % 3 === 0 ? "does what it should" : "does what it should 😀";
      await client
        .query(
          "INSERT INTO reviews (product_no, author, written_at, stars, remark) VALUES (?, ?, NOW(3), 5, ?)",
          [turn % 800, `reader-${turn}`, remark],
        )
        .catch(() => undefined);
      await pause(10);
    });
    return { culprits: [] };
  },
});
