import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { cutOff, halfLook } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const [writer, reader] = ["membership-1", "membership-2"];
const database = "membership";
const api = { application: "member-api", user: "members", client: "10.5.22.4", database };
const aurora = {
  Engine: "aurora-postgresql",
  DBName: database,
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "membership",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A report in four workers took all CPU for a quarter of an hour and is done; the look is cut off, and calm before",
  world: (dice) => {
    const [began, ended] = [dice.number(24, 27), 11];
    const report = (inside: number, outside: number) => during(began, ended, inside, outside);
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf("membership", [writer, reader], aurora),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 126, cpu: 33, iops: 110 }),
        ...calmReader(reader, 32),
        CPUUtilization: report(98.4, 33),
        ReadIOPS: report(1900, 44),
        DBLoad: report(6.2, 1.3),
        DBLoadCPU: report(5.1, 1),
        DBLoadNonCPU: report(1.1, 0.3),
        BufferCacheHitRatio: report(96.9, 99.8),
      },
      events: [],
      // Of the last quarter of an hour, whose first minutes the report still ran.
      load: loadOf(
        { CPU: 2.0, "IO:DataFileRead": 0.3, "IO:XactSync": 0.1 },
        [
          {
            sql: "SELECT m.region, count(*), avg(v.minutes) FROM members m JOIN visits v ON v.member_id = m.id GROUP BY m.region",
            waits: { CPU: 1.1, "IO:DataFileRead": 0.2 },
          },
          { sql: "SELECT * FROM members WHERE card_no = $1", waits: { CPU: 0.6 } },
          {
            sql: "INSERT INTO visits (member_id, at) VALUES ($1, $2)",
            waits: { CPU: 0.2, "IO:XactSync": 0.1 },
          },
        ],
        { members: 1.1, analytics: 1.3 },
      ),
      alarm: { ...above("CPUUtilization", 90, [97.8, 98.6, 98.9], began - 4), state: "OK" },
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "15.8",
          upDays: 41,
          maxConnections: 3420,
          database,
          groups: [group({ state: "idle", ...api }, 122, 44), group({ state: "active", ...api }, 2, 0.01)],
          sessions: [running(4_772, 0.01, { ...api, query: "SELECT * FROM members WHERE card_no = $1" })],
        }),
        rest: cutOff,
      }),
    };
  },
});
