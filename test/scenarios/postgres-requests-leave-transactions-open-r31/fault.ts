import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A release's driver no longer commits by itself: every request leaves its connection idle in transaction, and the pools run out",
  majors: [15, 16, 18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE profiles (id int PRIMARY KEY, nickname varchar(40) NOT NULL, visits int NOT NULL)",
    );
    await setup.query("INSERT INTO profiles SELECT n, 'member ' || n, 0 FROM generate_series(1, 3000) AS n");
    await setup.query("VACUUM ANALYZE profiles");
    await setup.end();
    const requests = await stage.pgSessions(34, "profile-service");
    const culprits: number[] = [];
    for (const [index, request] of requests.entries()) {
      culprits.push(await pidOf(request));
      await request.query("BEGIN");
      await request.query(`SELECT nickname, visits FROM profiles WHERE id = ${1 + index * 13}`);
    }
    await pause(72_000);
    return { culprits };
  },
});
