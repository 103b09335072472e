import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { gapped } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { clusterOf, instanceOf, loadOf, notice, told } from "../support/outside/described.ts";
import { cutOff, halfLook } from "../support/outside/postgres-half-look.ts";
import { group, nobodyWaits, ownGroup, running, serverUp } from "../support/outside/postgres-half-rows.ts";

const cluster = "loyalty";
const [writer, reader] = ["loyalty-b", "loyalty-a"];
const database = "loyalty";
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.10",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
};
const api = { application: "loyalty-api", user: "loyalty", client: "10.5.9.3", database };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Failed over an hour and a half ago, clients followed and all is calm; the look is cut off after its first answers",
  world: (dice) => {
    const at = dice.number(88, 97);
    const done = told(cluster, at - 1, "failover", `Completed failover to DB instance: ${writer}`, "cluster");
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf(cluster, [writer, reader], aurora),
      metrics: {
        ...gapped(
          calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 164, cpu: 33, iops: 80 }),
          at,
          at - 1,
        ),
        EngineUptime: (ago) => (ago > at ? 20 * 86_400 - ago * 60 : (at - ago) * 60),
        ...calmReader(reader, 32),
      },
      events: [
        done,
        told(writer, at - 1, "availability", "DB instance restarted"),
        told(reader, at - 1, "availability", "DB instance restarted"),
        told(cluster, at, "failover", `Started cross AZ failover to DB instance: ${writer}`, "cluster"),
      ],
      load: loadOf(
        { CPU: 1.0, "IO:XactSync": 0.2 },
        [
          { sql: "SELECT points FROM members WHERE id = ?", waits: { CPU: 0.4 } },
          {
            sql: "INSERT INTO point_events ( member_id , points ) VALUES ( ? , ? )",
            waits: { CPU: 0.2, "IO:XactSync": 0.2 },
          },
        ],
        { loyalty: 1.2 },
      ),
      notice: notice("RDS-EVENT-0071", done),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("15.10", at * 60, 3420)],
          "postgres-blocking": [nobodyWaits],
          "postgres-connections": [
            group({ state: "idle", ...api }, 161, 66),
            group({ state: "active", ...api }, 3, 0.01),
            ownGroup(database),
          ],
          "postgres-sessions": [
            running(2210, 0.01, { ...api, query: "SELECT points FROM members WHERE id = ?" }),
            running(2391, 0.01, { ...api, query: "COMMIT", waitEvent: "IO/XactSync" }),
          ],
        },
        rest: cutOff,
      }),
    };
  },
});
