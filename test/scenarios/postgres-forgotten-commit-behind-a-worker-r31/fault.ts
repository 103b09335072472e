import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Somebody mended a row by hand and did not commit; a settlement waits for that row and itself holds the row for which all others wait",
  majors: [14, 17, 18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query("CREATE TABLE wallets (id int PRIMARY KEY, balance int NOT NULL)");
    await setup.query("INSERT INTO wallets SELECT n, 1000 FROM generate_series(1, 500) AS n");
    await setup.query("CREATE TABLE merchants (id int PRIMARY KEY, turnover int NOT NULL)");
    await setup.query("INSERT INTO merchants SELECT n, 0 FROM generate_series(1, 40) AS n");
    await setup.query("VACUUM ANALYZE wallets, merchants");
    await setup.end();
    // Older and idle in its transaction too, but it has only read: nobody waits for it.
    const reader = await onePg(stage, "pgAdmin 4");
    await reader.query("BEGIN");
    await reader.query("SELECT count(*) FROM merchants");
    await pause(3000);
    const byHand = await onePg(stage, "DBeaver");
    const culprit = await pidOf(byHand);
    await byHand.query("BEGIN");
    await byHand.query("UPDATE wallets SET balance = balance + 250 WHERE id = 77");
    const settlement = await onePg(stage, "settlement");
    await settlement.query("BEGIN");
    await settlement.query("UPDATE merchants SET turnover = turnover + 1 WHERE id = 3");
    stage.leave(settlement.query("UPDATE wallets SET balance = balance - 10 WHERE id = 77"));
    await pause(500);
    const requests = await stage.pgSessions(9, "payments-api");
    for (const request of requests) {
      stage.leave(request.query("UPDATE merchants SET turnover = turnover + 5 WHERE id = 3"));
    }
    await pgWaiting(stage, 10, 66);
    return { culprits: [culprit] };
  },
});
