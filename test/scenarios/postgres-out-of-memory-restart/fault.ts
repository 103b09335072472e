import { defineScenario } from "../scenario.ts";
import { context, event, minutesAgo } from "../support/rds.ts";

/** As PostgreSQL on RDS writes it: time, zone, client, user, process. */
function line(minutes: number, level: string, text: string): string {
  return `${minutesAgo(minutes).slice(0, 19).replace("T", " ")} UTC::@:[412]:${level}: ${text}`;
}

export const scenario = defineScenario({
  engine: "postgres",
  title: "The kernel ended a server process for want of memory; all restart, and every client connects anew",
  server: { maxConnections: 60 },
  make: async (stage) => {
    const sessions = await stage.pgSessions(stage.number(44, 50), stage.application());
    for (const session of sessions) await session.query("SELECT 1");
    return { culprits: [] };
  },
  context: (stage) => {
    const minutes = stage.number(2, 5);
    return context({
      events: [
        event(minutes, ["availability"], "DB instance restarted"),
        event(minutes + 1, ["availability"], "DB instance shutdown"),
        event(7 * 60, ["backup"], "Finished DB instance backup"),
      ],
      logs: [
        {
          file: "error/postgresql.log",
          kind: "error",
          lastWrittenAt: minutesAgo(1),
          lines: [
            line(minutes + 1, "LOG", "server process (PID 20117) was terminated by signal 9: Killed"),
            line(minutes + 1, "LOG", "terminating any other active server processes"),
            line(
              minutes,
              "LOG",
              "database system was not properly shut down; automatic recovery in progress",
            ),
            line(minutes, "LOG", "database system is ready to accept connections"),
          ],
          truncated: true,
        },
      ],
    });
  },
});
