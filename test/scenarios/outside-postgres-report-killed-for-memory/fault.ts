import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, loadOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const id = "policies-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A report with a work_mem of gigabytes takes all the memory; the kernel kills its backend and all start again",
  world: (dice) => {
    const since = dice.number(4, 6);
    const pid = dice.number(9_000, 30_000);
    const at = (minutes: number) => `${ago(minutes).toISOString().slice(0, 19).replace("T", " ")} UTC`;
    const restarted = told(id, since - 2, "notification", "DB instance restarted");
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.12",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({ engine: "postgres", vcpus: 4, memoryGib: 16, connections: 140, cpu: 34, iops: 1300 }),
        FreeableMemory: (minutes) =>
          minutes > since + 9
            ? 3.6 * gib
            : minutes > since
              ? (0.07 + ((minutes - since) * 3.5) / 9) * gib
              : 7.4 * gib,
        SwapUsage: (minutes) => (minutes > since + 5 || minutes <= since ? 0.01 : 1.9) * gib,
        DatabaseConnections: (minutes) => (minutes > since ? 141 : minutes > since - 2 ? 3 : 118),
        ReadIOPS: moves(520, 2600, since),
        DBLoad: steps(1.6, 5.2, since + 9),
        DBLoadCPU: steps(1.3, 2.6, since + 9),
        DBLoadNonCPU: steps(0.3, 2.6, since + 9),
      },
      events: [...nightlyBackup(id), restarted],
      logs: [
        {
          file: "error/postgresql.log.2026-11-29-16",
          kind: "error",
          lastWrittenAt: ago(since - 2).toISOString(),
          truncated: false,
          text: [
            `${at(since)}::@:[561]:LOG:  server process (PID ${pid}) was terminated by signal 9: Killed`,
            `${at(since)}::@:[561]:DETAIL:  Failed process was running: SELECT h.product, h.cohort, count(DISTINCT e.policy_no), sum(e.premium) FROM policy_holders h JOIN policy_events e USING (policy_no) GROUP BY h.product, h.cohort`,
            `${at(since)}::@:[561]:LOG:  terminating any other active server processes`,
            `${at(since)}:10.4.18.23(40112):portal@policies:[${pid + 41}]:FATAL:  the database system is in recovery mode`,
            `${at(since - 1)}::@:[561]:LOG:  all server processes terminated; reinitializing`,
            `${at(since - 1)}::@:[${pid + 90}]:LOG:  database system was not properly shut down; automatic recovery in progress`,
            `${at(since - 2)}::@:[561]:LOG:  database system is ready to accept connections`,
          ].join("\n"),
        },
      ],
      load: loadOf(
        { CPU: 2.6, "IO:DataFileRead": 1.9, "IO:BufFileWrite": 0.5 },
        [
          {
            sql: "SELECT h.product, h.cohort, count(DISTINCT e.policy_no), sum(e.premium) FROM policy_holders h JOIN policy_events e USING (policy_no) GROUP BY h.product, h.cohort",
            waits: { CPU: 1.4, "IO:DataFileRead": 1.1, "IO:BufFileWrite": 0.5 },
          },
          {
            sql: "SELECT policy_no, status FROM policies WHERE holder_id = ?",
            waits: { CPU: 0.9, "IO:DataFileRead": 0.8 },
          },
          { sql: "UPDATE quotes SET viewed_at = ? WHERE quote_no = ?", waits: { CPU: 0.3 } },
        ],
        { actuary: 3, portal: 2 },
      ),
      notice: notice("RDS-EVENT-0006", restarted),
      way: "probe-failed",
    };
  },
});
