import { defineScenario } from "../scenario.ts";
import { context, event, minutesAgo } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The engine crashes, comes up and crashes again; just now it is down",
  look: "stopped",
  make: async () => ({ culprits: [] }),
  context: (stage) => {
    const minutes = stage.number(1, 3);
    return context({
      events: [
        event(minutes, ["availability"], "DB instance shutdown"),
        event(minutes + 9, ["availability"], "DB instance restarted"),
        event(minutes + 10, ["availability"], "DB instance shutdown"),
        event(minutes + 31, ["availability"], "DB instance restarted"),
      ],
      logs: [
        {
          file: "error/mysql-error-running.log",
          kind: "error",
          lastWrittenAt: minutesAgo(minutes),
          lines: [
            `${minutesAgo(minutes).slice(0, 19)}Z UTC - mysqld got signal 11 ;`,
            "Most likely, you have hit a bug, but this error can also be caused by malfunctioning hardware.",
          ],
          truncated: true,
        },
      ],
    });
  },
});
