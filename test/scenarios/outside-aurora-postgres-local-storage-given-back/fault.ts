import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { during } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["claims-aurora-1", "claims-aurora-2"] as const;
const gib = 1024 ** 3;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.4",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "claims-aurora",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "An index was built in the evening: its sort took the local storage down to eight gigabytes, and gave it back",
  world: (dice) => {
    const over = dice.number(27, 33);
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("claims-aurora", ids, { Engine: "aurora-postgresql", EngineVersion: "16.4" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 88, cpu: 26, iops: 310 }),
        ...calmReader(ids[1], 32),
        FreeLocalStorage: during(over + 31, over, 8.2 * gib, 60.8 * gib),
        CPUUtilization: during(over + 40, over, 52, 26),
        WriteIOPS: during(over + 40, over, 2900, 186),
      },
      events: [],
      load: loadOf(
        { CPU: 0.8, "IO:XactSync": 0.2, "IO:DataFileRead": 0.1 },
        [
          {
            sql: "SELECT c.* FROM claims c WHERE c.policy_id = ?",
            waits: { CPU: 0.3, "IO:DataFileRead": 0.1 },
          },
          {
            sql: "INSERT INTO claim_events ( claim_id , kind , body ) VALUES ( ? , ? , ? )",
            waits: { CPU: 0.2, "IO:XactSync": 0.2 },
          },
        ],
        { claims_api: 1, claims_etl: 0.1 },
      ),
      alarm: {
        ...below("FreeLocalStorage", 10 * gib, [9.4 * gib, 8.6 * gib, 8.3 * gib], over + 24, "Minimum"),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
