import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { byHour, even, moves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "members-db";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A service of the midday release gives no connection back: three a minute more for three hours, with the work of every day",
  world: (dice) => {
    const open = dice.number(604, 616);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.m6g.large",
          PerformanceInsightsEnabled: false,
        }),
      ],
      maintenance: [
        {
          resource: id,
          action: "system-update",
          description: "New Operating System update is available",
          optIn: null,
          autoAppliedAfter: null,
          forcedAt: null,
          // Blank until somebody opts in, or a date is set.
          appliesAt: null,
        },
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 117,
            connections: 64,
            cpu: 22,
            iops: 260,
          }),
        ),
        DatabaseConnections: even(moves(64, open, 172)),
        // What the work of 64 connections sends, however many are open.
        ConnectionAttempts: byHour(17),
        FreeableMemory: moves(1.76 * gib, 1.33 * gib, 172),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: above("DatabaseConnections", 550, [551, 555, 558], 17, "Maximum"),
      way: "probe-failed",
    };
  },
});
