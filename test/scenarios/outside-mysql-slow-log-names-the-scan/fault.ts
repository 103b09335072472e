import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { type SlowStatement, slowLog } from "../support/outside/mysql-log.ts";

const id = "push-prod";

/** Three a second: the last thousand lines of a long file, of which every twelfth call is somebody else's. */
function slowOnes(examined: number): SlowStatement[] {
  return Array.from({ length: 200 }, (_, at) => {
    const minutes = 1.2 - at * 0.0055;
    if (at % 12 === 7) {
      return {
        minutes,
        user: "push_admin",
        host: "10.31.4.90",
        thread: 771_204,
        seconds: 2.4 + (at % 5) * 0.13,
        sent: 31,
        examined: 148_220 + at,
        sql: "SELECT c.id, c.title, COUNT(d.id) FROM campaigns c JOIN deliveries d ON d.campaign_id = c.id WHERE c.state = 'running' GROUP BY c.id, c.title",
      };
    }
    return {
      minutes,
      user: "push_api",
      host: at % 2 === 0 ? "10.31.4.17" : "10.31.6.52",
      thread: 770_300 + at * 7,
      seconds: 3.6 + ((at * 37) % 13) / 10,
      sent: at % 3 === 0 ? 0 : 1,
      examined: examined + at * 11,
      sql: `SELECT id, user_id, platform, locale FROM device_tokens WHERE fcm_token = 'dK3f${at}x9QmW:APA91bH' AND revoked_at IS NULL LIMIT 1`,
    };
  });
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release asks for a token without an index; without Performance Insights the slow log alone has it",
  world: (dice) => {
    const instance = instanceOf(id, {
      Engine: "mysql",
      EngineVersion: "8.0.40",
      DBInstanceClass: "db.r6g.xlarge",
      MultiAZ: true,
      PerformanceInsightsEnabled: false,
    });
    const calm = calmRds({
      engine: "mysql",
      vcpus: 4,
      memoryGib: 32,
      freeGib: 121,
      connections: 150,
      cpu: 36,
      iops: 480,
    });
    return {
      instances: [instance],
      metrics: withoutInsights({
        ...withDays(calm),
        CPUUtilization: even(steps(36, 98, 47)),
        DatabaseConnections: steps(150, 181, 46),
        NetworkTransmitThroughput: steps(4.6e6, 3.7e6, 47),
      }),
      events: nightlyBackup(id),
      load: null,
      logs: [slowLog(slowOnes(dice.number(2_010_000, 2_190_000)), 0.1)],
      alarm: above("CPUUtilization", 85, [97.6, 98.3, 98.1], 43),
      way: "probe-failed",
    };
  },
});
