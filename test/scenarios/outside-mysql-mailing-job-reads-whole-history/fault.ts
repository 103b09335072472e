import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { deadlineOfAll, inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";
import { poolOn } from "../support/outside/mysql-queues.ts";

const id = "engage-db";
const began = 18;

/** Without performance_schema no statement has a number. */
const unrecorded = { statementKey: null };

const job =
  "SELECT r.customer_id, MAX(r.opened_at) FROM campaign_recipients r JOIN customers c ON c.id = r.customer_id WHERE c.tenant_id = ? AND r.state = ? GROUP BY r.customer_id";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Five workers of a mailing each read all recipients that ever were; a volume of 3,000 IOPS serves nobody else",
  world: (dice) => {
    const reads = dice.number(2860, 2890);
    const workers = [1061, 1040, 812, 555, 291];
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.37",
          DBInstanceClass: "db.m5.xlarge",
          AllocatedStorage: 200,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 57,
            connections: 118,
            cpu: 22,
            iops: 480,
          }),
        ),
        ReadIOPS: even(steps(192, reads, began)),
        WriteIOPS: steps(288, 126, began),
        ReadThroughput: steps(3.5e6, 47.5e6, began),
        WriteThroughput: steps(6e6, 2.8e6, began),
        ReadLatency: steps(0.0008, 0.0211, began),
        WriteLatency: steps(0.0016, 0.0192, began),
        DiskQueueDepth: steps(0.6, 62.8, began),
        CPUUtilization: steps(22, 31, began),
        DatabaseConnections: steps(118, 187, began),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: above("DiskQueueDepth", 30, [58.2, 61.9, 63.4], 12),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.37",
        major: 8,
        signInMs: 2240,
        answers: {
          "mysql-server": [serverOf("8.0.37", 4_812_377, 1300)],
          "mysql-metadata-locks": notRecorded,
          "mysql-row-locks": notRecorded,
          "mysql-connections": [
            ...poolOn("engage_web", { "10.4.18.23": 46, "10.4.33.9": 41 }, 2.4, 29),
            groupOf("engage_web", "10.4.18.23", "active", 34, [5.1, 41]),
            groupOf("engage_web", "10.4.33.9", "active", 29, [4.8, 37]),
            groupOf("mailer", "10.4.40.11", "active", workers.length, [812, 1061]),
            groupOf("mailer", "10.4.40.11", "idle", 31, [8, 96]),
            ownGroup,
          ],
          "mysql-sessions": [
            ...workers.map((seconds, n) =>
              atWork(611_204 + n * 17, "mailer", seconds, "executing", job, {
                ...unrecorded,
                client: "10.4.40.11",
                sessionKey: `mailer@10.4.40.11:${40_112 + n * 6}`,
              }),
            ),
            ...[41, 37, 22, 19, 12, 8, 6, 4].map((seconds, n) =>
              atWork(
                612_880 + n * 5,
                "engage_web",
                seconds,
                "executing",
                n % 2 === 0
                  ? "SELECT * FROM messages WHERE customer_id = ? ORDER BY id DESC LIMIT ?"
                  : "SELECT * FROM customers WHERE tenant_id = ? AND email = ?",
                unrecorded,
              ),
            ),
          ],
        },
        rest: deadlineOfAll,
      }),
    };
  },
});
