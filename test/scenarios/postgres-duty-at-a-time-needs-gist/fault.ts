import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Who is on duty at a time is asked of a range column by @>, and only an index of another kind than the usual could answer it",
  tiers: ["immediate", "performance"],
  majors: [15],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "rostering");
    const shifts = stage.number(180_000, 220_000);
    await owner?.query(`CREATE TABLE duty_shifts (shift_id int PRIMARY KEY, nurse_id int NOT NULL, during tstzrange NOT NULL);
      INSERT INTO duty_shifts SELECT n, n % 900, tstzrange(now() - n * interval '9 minutes', now() - n * interval '9 minutes' + interval '6 hours')
        FROM generate_series(1, ${shifts}) n;
      CREATE INDEX duty_shifts_nurse ON duty_shifts (nurse_id)`);
    await owner?.query("VACUUM ANALYZE duty_shifts");
    await ordinaryWork(stage, 3);
    // A herring: one nurse's own shifts are found by an index, and often.
    const [app] = await stage.pgSessions(1, "nurse-app");
    if (app === undefined) throw new Error("no session");
    await keepRunning(stage, [app], 20, async (client, turn) => {
      await client.query("SELECT shift_id, during FROM duty_shifts WHERE nurse_id = $1", [turn % 900]);
      await pause(30);
    });
    const alarms = await stage.pgSessions(5, "alarm-router");
    await keepRunning(stage, alarms, 300, async (alarm, turn) => {
      await alarm.query("SELECT nurse_id FROM duty_shifts WHERE during @> now() - $1 * interval '1 hour'", [
        10 + (turn % 5000),
      ]);
      await pause(20);
    });
    return { culprits: [] };
  },
});
