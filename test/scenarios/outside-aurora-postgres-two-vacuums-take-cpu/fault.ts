import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, timedOut } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const writer = "risk-1";
const reader = "risk-2";
const database = "risk";
const since = 66;
const shape = {
  DBClusterIdentifier: "risk",
  Engine: "aurora-postgresql",
  EngineVersion: "14.15",
  DBInstanceClass: "db.r6g.xlarge",
};
const engine = { application: "risk-engine", user: "risk", client: "10.17.3.31", database };

const vacuum = {
  command: "vacuum",
  automatic: true,
  wraparound: false,
  database,
  phase: "vacuuming indexes",
  unit: "blocks",
  percent: null,
  user: null,
  application: null,
  done: null,
  total: null,
  waitEvent: null,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The default of a fifth of the rows lets autovacuum come to two giants at once, at noon: four vCPUs are nearly full",
  world: (dice) => {
    const connections = dice.number(150, 164);
    const calm = withDays(
      calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections, cpu: 40, iops: 1900 }),
    );
    return {
      instances: [instanceOf(writer, shape), instanceOf(reader, shape)],
      cluster: clusterOf("risk", [writer, reader], { Engine: "aurora-postgresql" }),
      metrics: {
        ...calm,
        ...calmReader(reader, 32),
        CPUUtilization: steps(40, 87, since),
        ReadIOPS: steps(760, 1720, since),
        WriteIOPS: steps(1140, 2300, since),
        ReadThroughput: steps(13.7e6, 22e6, since),
        BufferCacheHitRatio: steps(99.8, 99.4, since),
        DBLoad: steps(2, 4.7, since),
        DBLoadCPU: steps(1.6, 3.5, since),
        DBLoadNonCPU: steps(0.4, 1.2, since),
      },
      events: [],
      load: loadOf(
        { CPU: 3.5, "IO:DataFileRead": 0.8, "IO:XactSync": 0.4 },
        [
          { sql: "autovacuum: VACUUM public.positions", waits: { CPU: 0.7, "IO:DataFileRead": 0.3 } },
          { sql: "autovacuum: VACUUM public.position_events", waits: { CPU: 0.65, "IO:DataFileRead": 0.35 } },
          {
            sql: "SELECT * FROM positions WHERE book_id = ? AND as_of = ?",
            waits: { CPU: 0.9, "IO:DataFileRead": 0.1 },
          },
          {
            sql: "UPDATE positions SET qty = ? , mark = ? WHERE id = ?",
            waits: { CPU: 0.6, "IO:XactSync": 0.3 },
          },
          { sql: "SELECT * FROM limits WHERE desk_id = ?", waits: { CPU: 0.4 } },
        ],
        { risk: 2.7, rdsadmin: 2 },
      ),
      alarm: above("CPUUtilization", 80, [85.2, 86.8, 87.4], 61),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          ...firstAnswers({
            version: "14.15",
            upDays: 143,
            maxConnections: 3300,
            database,
            groups: [
              group({ state: "idle", ...engine }, connections - 4, 38),
              group({ state: "active", ...engine }, 3, 0.05),
            ],
            sessions: [
              running(18_002, 0.04, {
                ...engine,
                query: "UPDATE positions SET qty = ?, mark = ? WHERE id = ?",
              }),
              running(18_340, 0.02, { ...engine, query: "SELECT * FROM limits WHERE desk_id = ?" }),
            ],
          }),
          "postgres-vacuum-progress": [
            {
              ...vacuum,
              pid: 9120,
              relation: "public.positions",
              seconds: 3965,
              sessionKey: ago(66.1).toISOString(),
            },
            {
              ...vacuum,
              pid: 9177,
              relation: "public.position_events",
              seconds: 3902,
              sessionKey: ago(65.1).toISOString(),
            },
          ],
          "postgres-vacuum-workers": [
            {
              enabled: true,
              workersBusy: 2,
              workersMax: 3,
              wraparoundWorkers: 0,
              waitingWorkers: 0,
              longestSeconds: 3965,
              longestWork: "autovacuum: VACUUM public.positions",
              naptimeSeconds: 5,
              costDelayMs: 2,
              costLimit: 1800,
              memoryBytes: 1_073_741_824,
            },
          ],
        },
        rest: timedOut,
      }),
    };
  },
});
