import { calmAurora, calmReader } from "../support/outside/calm.ts";
import type { Curves } from "../support/outside/curves.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const [cluster, id, writer] = ["clinic", "clinic-reports", "clinic-writer"];
const member = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBName: "clinic",
  DBClusterIdentifier: cluster,
};
const ofWriter = /Commit|Deadlocks|LagMaximum|VolumeBytesUsed/;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "At noon of every day the clinics print their lists from the reader, and its CPU alarm fires: as each day",
  world: (dice) => {
    const since = dice.number(34, 40);
    const noon = (inside: number, outside: number) => atTheseHours(since, 90, inside, outside);
    const calm: Curves = Object.fromEntries(
      Object.entries(
        calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 74, cpu: 26, iops: 500 }),
      ).filter(([name]) => !ofWriter.test(name)),
    );
    return {
      instances: [
        instanceOf(id, { ...member, DBInstanceClass: "db.r6g.xlarge" }),
        instanceOf(writer, { ...member, DBInstanceClass: "db.r6g.xlarge" }),
      ],
      cluster: clusterOf(cluster, [writer, id], {
        Engine: member.Engine,
        EngineVersion: member.EngineVersion,
      }),
      metrics: {
        ...calm,
        ...calmReader(writer, 32),
        AuroraReplicaLag: () => 17,
        CPUUtilization: noon(78, 26),
        DBLoad: noon(3.2, 1.1),
        DBLoadCPU: noon(2.9, 0.9),
        DBLoadNonCPU: noon(0.3, 0.2),
        DatabaseConnections: noon(121, 74),
        ReadIOPS: noon(640, 200),
        NetworkTransmitThroughput: noon(9.4e6, 2.3e6),
      },
      events: nightlyBackup(writer),
      changes: [
        {
          at: ago(4 * 1440 + 90).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "AddTagsToResource",
          by: "finops-tagger",
          detail: `resourceName=arn:aws:rds:eu-central-1:123456789012:db:${id}`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 2.9, "IO:DataFileRead": 0.2, "Client:ClientWrite": 0.1 },
        [
          {
            sql: "SELECT a.starts_at, p.name, d.name FROM appointments a JOIN patients p ON p.id = a.patient_id JOIN doctors d ON d.id = a.doctor_id WHERE a.clinic_id = ? AND a.day = ? ORDER BY a.starts_at",
            waits: { CPU: 1.6 },
          },
          { sql: "SELECT * FROM prescriptions WHERE patient_id = ANY(?)", waits: { CPU: 0.8 } },
        ],
        { clinic_print: 2.6, clinic_web: 0.6 },
      ),
      alarm: above("CPUUtilization", 75, [77.4, 79.2, 78.1], since - 5),
      way: "probe-failed",
    };
  },
});
