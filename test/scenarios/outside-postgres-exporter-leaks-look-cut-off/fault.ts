import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { cutOff, halfLook } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const id = "accounts-core";
const database = "accounts";
const gib = 1024 ** 3;
const leaking = { application: "statement-exporter", user: "exporter", client: "10.31.4.77", database };
const api = { application: "accounts-api", user: "api", client: "10.31.2.14", database };
const mobile = { application: "mobile-bff", user: "bff", client: "10.31.2.90", database };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "An exporter opens a session for each statement it writes and closes none; the look is cut off early",
  world: (dice) => {
    // 33 an hour for nine hours.
    const leaked = dice.number(291, 298);
    const others = 90;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.7",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withoutInsights(
          withDays(
            calmRds({
              engine: "postgres",
              vcpus: 2,
              memoryGib: 8,
              freeGib: 88,
              connections: others,
              cpu: 26,
              iops: 240,
            }),
          ),
        ),
        DatabaseConnections: moves(others + 1, others + 1 + leaked, 540),
        FreeableMemory: moves(2.7 * gib, 1.5 * gib, 540),
      },
      events: nightlyBackup(id),
      load: null,
      alarm: above("DatabaseConnections", 320, [321, 321, 322], 109, "Maximum"),
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "15.7",
          upDays: 61,
          maxConnections: 400,
          database,
          groups: [
            group({ state: "idle", ...leaking }, leaked, 32_300, {
              medianStateSeconds: 15_900,
              idleOverSession: leaked - 2,
              idleOverLeak: leaked - 5,
              openedLastMinute: 1,
            }),
            group({ state: "idle", ...api }, 58, 41),
            group({ state: "idle", ...mobile }, 28, 66),
            group({ state: "active", ...api }, 3, 0.02),
            group({ state: "active", ...leaking }, 1, 0.8),
          ],
          sessions: [
            running(30_118, 0.8, {
              ...leaking,
              query: "SELECT * FROM postings WHERE account_id = ? AND booked_at >= ?",
            }),
            running(12_044, 0.02, { ...api, query: "SELECT * FROM accounts WHERE id = ?" }),
          ],
        }),
        rest: cutOff,
      }),
    };
  },
});
