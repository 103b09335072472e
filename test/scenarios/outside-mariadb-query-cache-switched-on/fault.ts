import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "forum-db";
const rebooted = 96;
const group = "forum-db-params";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The query cache was switched on with 512 MiB; since traffic rose, every read and write queues for its one lock",
  world: (dice) => {
    const since = dice.number(31, 36);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.20",
          DBInstanceClass: "db.m6g.2xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 8,
            memoryGib: 32,
            freeGib: 210,
            connections: 190,
            cpu: 38,
            iops: 900,
          }),
        ),
        CPUUtilization: moves(38, 57, since),
        DBLoad: moves(3.1, 19.4, since),
        DBLoadCPU: moves(2.3, 3.9, since),
        DBLoadNonCPU: moves(0.8, 15.5, since),
        DatabaseConnections: steps(190, 247, since),
      },
      events: [
        told(id, rebooted - 1, "availability", "DB instance restarted"),
        told(id, rebooted, "availability", "DB instance shutdown"),
        told(
          group,
          rebooted + 21,
          "configuration change",
          "Updated parameter query_cache_type to 1 with apply method pending-reboot",
          "parameter-group",
        ),
        told(
          group,
          rebooted + 21,
          "configuration change",
          "Updated parameter query_cache_size to 536870912 with apply method pending-reboot",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(rebooted + 1).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "RebootDBInstance",
          by: "j.okafor",
          detail: `dBInstanceIdentifier=${id}`,
          error: null,
        },
        {
          at: ago(rebooted + 21).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "j.okafor",
          detail: `dBParameterGroupName=${group}, parameters=[{"parameterName":"query_cache_type","parameterValue":"1","applyMethod":"pending-reboot"},{"parameterName":"query_cache_size","parameterValue":"536870912","applyMethod":"pending-reboot"}]`,
          error: null,
        },
      ],
      load: loadOf(
        {
          "Waiting for query cache lock": 13.2,
          "Sending data": 2.4,
          "invalidating query cache entries (table)": 2.1,
          Updating: 0.7,
        },
        [
          {
            sql: "SELECT * FROM `topics` WHERE `board_id` = ? ORDER BY `bumped_at` DESC LIMIT ?",
            waits: { "Waiting for query cache lock": 4.8, "Sending data": 1.1 },
          },
          {
            sql: "UPDATE `topics` SET `views` = `views` + ? WHERE `id` = ?",
            waits: {
              "Waiting for query cache lock": 4.1,
              "invalidating query cache entries (table)": 1.7,
              Updating: 0.6,
            },
          },
          {
            sql: "SELECT `name` , `avatar` FROM `members` WHERE `id` = ?",
            waits: { "Waiting for query cache lock": 2.9, "Sending data": 0.7 },
          },
          {
            sql: "INSERT INTO `posts` ( `topic_id` , `member_id` , `body` ) VALUES (...)",
            waits: { "Waiting for query cache lock": 1.1, "invalidating query cache entries (table)": 0.4 },
          },
        ],
        { forum_web: 17.1, forum_jobs: 1.3 },
      ),
      alarm: above("DBLoad", 8, [9.7, 11.2, 12.6], since - 16),
      way: "probe-failed",
    };
  },
});
