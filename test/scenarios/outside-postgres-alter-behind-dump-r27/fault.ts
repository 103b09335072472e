import { calmRds } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, type LogClient, logged } from "../support/outside/postgres-log.ts";
import { fillsUp } from "../support/outside/saws.ts";

const id = "hire-main";
const alter =
  "ALTER TABLE user_profiles ADD CONSTRAINT user_profiles_skills_cap CHECK (cardinality(skills) <= 200)";
const read = "SELECT * FROM user_profiles WHERE user_id = $1";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A release's ALTER TABLE user_profiles waits behind a pg_dump that reads it, and every reader of user_profiles waits behind the ALTER",
  world: (dice) => {
    const since = dice.number(12, 14);
    const dump: LogClient = { host: "10.8.3.20(40112)", user: "backup", database: "hire", pid: 24_596 };
    const release: LogClient = { host: "10.8.1.77(51920)", user: "migrator", database: "hire", pid: 24_712 };
    const lines = Array.from({ length: 36 }, (_, index) => {
      const reader: LogClient = {
        host: `10.8.1.41(${52_010 + index * 5})`,
        user: "api",
        database: "hire",
        pid: 24_720 + index * 4,
      };
      const minutes = since - 0.4 - index * 0.31;
      const queue = [24_712, ...Array.from({ length: index + 1 }, (_each, at) => 24_720 + at * 4)].join(", ");
      return [
        logged(
          minutes,
          reader,
          `LOG:  process ${reader.pid} still waiting for AccessShareLock on relation 16583 of database 16401 after 1000.${114 + index} ms at character 15`,
        ),
        logged(minutes, reader, `DETAIL:  Process holding the lock: 24596. Wait queue: ${queue}.`),
        logged(minutes, reader, `STATEMENT:  ${read}`),
      ];
    }).flat();
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 16,
        freeGib: 140,
        connections: 71,
        cpu: 29,
        iops: 430,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.13",
          DBInstanceClass: "db.r6g.large",
          DBName: "hire",
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: turns(usual(29), since, 26),
        ReadIOPS: turns(usual(172), since + 19, 940),
        ReadThroughput: turns(usual(3.1e6), since + 19, 61e6),
        DatabaseConnections: fillsUp(usual(71), since, 4.2, 140),
        DBLoad: fillsUp(usual(0.6), since, 3.3, 60),
        DBLoadCPU: usual(0.7),
        DBLoadNonCPU: fillsUp(usual(0.2), since, 3.3, 60),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "Lock:relation": 24.1, CPU: 0.6, "Client:ClientWrite": 0.7 },
        [
          { sql: read, waits: { "Lock:relation": 23.1 } },
          { sql: alter, waits: { "Lock:relation": 1 } },
          {
            sql: "COPY public.jobs (id, title, company_id, body, created_at) TO stdout",
            waits: { CPU: 0.3, "Client:ClientWrite": 0.7 },
          },
          { sql: "SELECT * FROM jobs WHERE id = $1", waits: { CPU: 0.2 } },
        ],
        { api: 23.4, migrator: 1, backup: 1 },
      ),
      logs: [
        errorLog(
          [
            logged(
              since + 19,
              dump,
              "LOG:  duration: 2311.402 ms  statement: LOCK TABLE public.user_profiles IN ACCESS SHARE MODE",
            ),
            logged(
              since,
              release,
              "LOG:  process 24712 still waiting for AccessExclusiveLock on relation 16583 of database 16401 after 1000.087 ms",
            ),
            logged(since, release, "DETAIL:  Process holding the lock: 24596. Wait queue: 24712."),
            logged(since, release, `STATEMENT:  ${alter}`),
            ...lines,
          ],
          1,
        ),
      ],
      alarm: above("DBLoad", 8, [8.9, 12.1, 15.6], since - 4),
      alsoAlarms: [above("DatabaseConnections", 110, [112, 116, 121], since - 10)],
      way: "probe-failed",
    };
  },
});
