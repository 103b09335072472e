import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["freight-1", "freight-2"] as const;
const gib = 1024 ** 3;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.12",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "freight",
};

const stamp = (): string => ago(2).toISOString().slice(0, 19).replace("T", " ");

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "An export sorts more than the instance's own disk holds: temporary files have taken it, statements fail for space",
  world: (dice) => {
    const writing = dice.number(9, 13);
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("freight", ids, { Engine: "aurora-postgresql", EngineVersion: "15.12" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 140, cpu: 31, iops: 700 }),
        FreeLocalStorage: moves(60 * gib, 0.6 * gib, 38),
        CPUUtilization: steps(31, 52, 38),
        DBLoad: steps(1.2, writing + 3, 38),
        DBLoadCPU: steps(0.9, 1.8, 38),
        DBLoadNonCPU: steps(0.3, writing + 1.2, 38),
        ...calmReader(ids[1], 32),
      },
      events: [],
      logs: [
        {
          file: "error/postgresql.log",
          kind: "error",
          lastWrittenAt: ago(2).toISOString(),
          truncated: false,
          text: [
            `${stamp()} UTC:10.4.18.23(41822):exporter@freight:[20114]:ERROR:  could not write to file "base/pgsql_tmp/pgsql_tmp20114.38": No space left on device`,
            `${stamp()} UTC:10.4.18.23(41822):exporter@freight:[20114]:STATEMENT:  SELECT DISTINCT c.*, l.* FROM consignments c JOIN legs l ON l.consignment_no = c.consignment_no ORDER BY l.departed_at`,
          ].join("\n"),
        },
      ],
      load: loadOf(
        { "IO:BufFileWrite": writing * 0.7, "IO:BufFileRead": writing * 0.3, CPU: 1.8, "IO:XactSync": 0.2 },
        [
          {
            sql: "SELECT DISTINCT c.*, l.* FROM consignments c JOIN legs l ON l.consignment_no = c.consignment_no ORDER BY l.departed_at",
            waits: { "IO:BufFileWrite": writing * 0.7, "IO:BufFileRead": writing * 0.3, CPU: 1.1 },
          },
          { sql: "SELECT * FROM legs WHERE leg_no = ?", waits: { CPU: 0.6, "IO:XactSync": 0.2 } },
        ],
        { exporter: writing + 1.1, app: 0.9 },
      ),
      alarm: below("FreeLocalStorage", 6 * gib, [3.1 * gib, 2.2 * gib, 1.4 * gib], 4),
      way: "probe-failed",
    };
  },
});
