import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "social-db";

/** As innodb_print_all_deadlocks has MariaDB write one. */
function deadlock(at: number, index: number): string[] {
  const [one, two] = [51_200 + index * 9, 51_204 + index * 9];
  const [first, second] = [771_204_100 + index * 31, 771_204_104 + index * 31];
  const session = (thread: number) =>
    `MariaDB thread id ${thread}, OS thread handle 70368${thread}4416, query id ${9_120_000 + thread} 10.4.18.${20 + (index % 9)} social_app Updating`;
  const lock = (trx: number, mode: string) =>
    `RECORD LOCKS space id 74 page no 91 n bits 176 index PRIMARY of table \`social\`.\`posts\` trx id ${trx} lock mode ${mode} locks rec but not gap`;
  const count = "UPDATE posts SET like_count = like_count + 1 WHERE id = 40981277";
  return [
    mariadbErrorLine(at, one, "[Note] InnoDB: Transactions deadlock detected, dumping detailed information."),
    mariadbErrorLine(at, one, "[Note] InnoDB: "),
    "*** (1) TRANSACTION:",
    "",
    `TRANSACTION ${first}, ACTIVE 0 sec starting index read`,
    "mysql tables in use 1, locked 1",
    "LOCK WAIT 6 lock struct(s), heap size 1128, 3 row lock(s), undo log entries 1",
    session(one),
    count,
    mariadbErrorLine(at, one, "[Note] InnoDB: *** WAITING FOR THIS LOCK TO BE GRANTED:"),
    lock(first, "X"),
    mariadbErrorLine(at, one, "[Note] InnoDB: *** CONFLICTING WITH:"),
    lock(second, "S"),
    mariadbErrorLine(at, one, "[Note] InnoDB: "),
    "*** (2) TRANSACTION:",
    "",
    `TRANSACTION ${second}, ACTIVE 0 sec starting index read`,
    "mysql tables in use 1, locked 1",
    "LOCK WAIT 6 lock struct(s), heap size 1128, 3 row lock(s), undo log entries 1",
    session(two),
    count,
    mariadbErrorLine(at, one, "[Note] InnoDB: *** WAITING FOR THIS LOCK TO BE GRANTED:"),
    lock(second, "X"),
    mariadbErrorLine(at, one, "[Note] InnoDB: *** CONFLICTING WITH:"),
    lock(first, "S"),
    mariadbErrorLine(at, one, "[Note] InnoDB: *** WE ROLL BACK TRANSACTION (2)"),
  ];
}

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A post goes viral: each like inserts a child, which shares the post's row by its foreign key, and then counts it up in the post: two at once deadlock, many times a minute",
  world: (dice) => {
    const since = dice.number(32, 37);
    const calm = withoutInsights(
      withDays(
        calmRds({
          engine: "mariadb",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 133,
          connections: 126,
          cpu: 35,
          iops: 700,
        }),
      ),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: turns(usual(35), since, 46),
        DatabaseConnections: turns(usual(126), since, 241),
        WriteIOPS: turns(usual(420), since, 510),
      },
      events: nightlyBackup(id),
      changes: [
        {
          at: ago(60 * 24 * 17).toISOString(),
          source: "cloudtrail",
          subject: `${id}-params`,
          what: "ModifyDBParameterGroup",
          by: "dba",
          detail: "innodb_print_all_deadlocks=1 (immediate)",
          error: null,
        },
      ],
      load: null,
      logs: [
        mysqlErrorLog(
          Array.from({ length: 90 }, (_, index) => deadlock(9.2 - index * 0.09, index)).flat(),
          1,
        ),
      ],
      alarm: above("DatabaseConnections", 220, [238, 244, 241], since - 8),
      way: "probe-failed",
    };
  },
});
