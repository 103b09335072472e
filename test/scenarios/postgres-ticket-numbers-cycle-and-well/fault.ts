import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Numbers of waiting tickets are all but used up and begin anew at one, as their sequence was told to: the number and its round are the key",
  tiers: ["immediate", "performance", "health"],
  majors: [15],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "counter-hall");
    const last = stage.number(9_560, 9_640);
    await owner?.query(`CREATE SEQUENCE waiting_number AS int MINVALUE 1 MAXVALUE 9999 CYCLE;
      CREATE TABLE waiting_tickets (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number int NOT NULL DEFAULT nextval('waiting_number'),
        counter int NOT NULL, drawn_at timestamptz NOT NULL DEFAULT clock_timestamp());
      ALTER SEQUENCE waiting_number OWNED BY waiting_tickets.number;
      INSERT INTO waiting_tickets (counter) SELECT n % 12 FROM generate_series(1, ${last + 9_999 * 2}) n`);
    await owner?.query("VACUUM ANALYZE waiting_tickets");
    await ordinaryWork(stage, 3);
    const kiosks = await stage.pgSessions(3, "ticket-kiosk");
    await keepRunning(stage, kiosks, 40, async (kiosk, turn) => {
      const drawn = await kiosk.query("INSERT INTO waiting_tickets (counter) VALUES ($1) RETURNING id", [
        turn % 12,
      ]);
      await kiosk.query("SELECT number, counter FROM waiting_tickets WHERE id = $1", [drawn.rows[0].id]);
      await pause(150);
    });
    return { culprits: [] };
  },
});
