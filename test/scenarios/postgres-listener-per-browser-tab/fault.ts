import { randomUUID } from "node:crypto";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The gateway of the web sockets keeps a listening connection for every open browser tab; the slots are nearly gone",
  majors: [16, 18],
  server: { maxConnections: 60 },
  thresholds: { leakIdleSeconds: 6, idleSessionSeconds: 4 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE room_messages (room uuid, sent_at timestamptz DEFAULT clock_timestamp(), seq bigint GENERATED ALWAYS AS IDENTITY, body text NOT NULL, PRIMARY KEY (room, seq))",
    );
    await ordinaryWork(stage);
    const rooms = Array.from({ length: 20 }, () => randomUUID());
    const tabs = await stage.pgSessions(stage.number(46, 47), "realtime-gateway");
    for (const [index, tab] of tabs.entries()) await tab.query(`LISTEN "room:${rooms[index % 20]}"`);
    const writers = await stage.pgSessions(2, "chat-api");
    await keepRunning(stage, writers, 60, async (client, turn) => {
      const room = rooms[turn % 20];
      await client.query("INSERT INTO room_messages (room, body) VALUES ($1, $2)", [room, `hello ${turn}`]);
      await client.query("SELECT pg_notify($1, $2)", [`room:${room}`, String(turn)]);
      await pause(150);
    });
    await pause(7000);
    return { culprits: [] };
  },
});
