import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Rooms are booked under an exclusion constraint; now and then a room is taken already, the savepoint is rolled back and another is tried",
  tiers: ["immediate", "performance", "health"],
  majors: [14, 18],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE room_stays (booking uuid PRIMARY KEY DEFAULT gen_random_uuid(), room int4range NOT NULL, nights daterange NOT NULL, guest text NOT NULL, EXCLUDE USING gist (room WITH &&, nights WITH &&))",
    );
    await setup.query(
      "INSERT INTO room_stays (room, nights, guest) SELECT int4range(r, r, '[]'), daterange(current_date + d * 3, current_date + d * 3 + 2), 'guest' FROM generate_series(1, 400) r, generate_series(0, 25) d",
    );
    await setup.query("VACUUM ANALYZE room_stays");
    await ordinaryWork(stage);
    const desks = await stage.pgSessions(stage.number(4, 6), "booking-engine");
    await keepRunning(stage, desks, 400, async (client, turn) => {
      const room = 401 + ((turn * 17) % 4000);
      const tries = turn % 12 === 0 ? [1 + (turn % 400), room] : [room];
      await client.query("BEGIN");
      for (const tried of tries) {
        await client.query("SAVEPOINT attempt");
        try {
          await client.query(
            "INSERT INTO room_stays (room, nights, guest) VALUES (int4range($1, $1, '[]'), daterange(current_date + $2::int * 3, current_date + $2::int * 3 + 2), $3)",
            [tried, turn % 25, `guest ${turn}`],
          );
        } catch {
          await client.query("ROLLBACK TO SAVEPOINT attempt");
        }
      }
      await client.query("COMMIT");
      await pause(25);
    });
    return { culprits: [] };
  },
});
