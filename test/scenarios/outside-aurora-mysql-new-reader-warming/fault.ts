import { calmAurora, calmReader } from "../support/outside/calm.ts";
import type { Curve } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const [writer, reader, fresh] = ["media-1", "media-2", "media-3"] as const;
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "media",
};

export const scenario = defineOutside({
  engine: "mysql",
  title: "A reader that was added some minutes ago fills its cache; the alarm on its hit ratio has come",
  world: (dice) => {
    const born = dice.number(12, 16);
    const since = (curve: Curve): Curve => Object.assign((at: number) => (at > born ? null : curve(at)), {});
    const calm = calmAurora({
      engine: "mysql",
      vcpus: 4,
      memoryGib: 32,
      connections: 26,
      cpu: 14,
      iops: 240,
    });
    const own = Object.entries(calm).filter(
      ([name]) => !/^(Volume|AuroraReplicaLagMax|AuroraVolume)/.test(name),
    );
    return {
      instances: [
        instanceOf(fresh, { ...of, InstanceCreateTime: ago(born + 4) }),
        instanceOf(writer, of),
        instanceOf(reader, of),
      ],
      cluster: clusterOf("media", [writer, reader, fresh], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.2",
      }),
      metrics: {
        ...calm,
        ...Object.fromEntries(own.map(([name, curve]) => [name, since(curve)])),
        BufferCacheHitRatio: since((at) => 97.5 - 34 * (at / born)),
        AuroraReplicaLag: since(() => 21),
        EngineUptime: since((at) => (born - at) * 60),
        ...calmReader(writer, 32),
        ...calmReader(reader, 32),
      },
      events: [told(fresh, born + 1, "creation", "DB instance created")],
      changes: [
        {
          at: ago(born + 5).toISOString(),
          source: "cloudtrail",
          subject: fresh,
          what: "CreateDBInstance",
          by: "application-autoscaling",
          detail: `dBInstanceIdentifier=${fresh}, dBClusterIdentifier=media`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.4, "io/aurora_redo_log_flush": 0.1 },
        [{ sql: "SELECT * FROM `clips` WHERE `id` = ?", waits: { CPU: 0.3 } }],
        { player: 0.5 },
      ),
      alarm: below("BufferCacheHitRatio", 95, [71.2, 74.9, 78.8], 8),
      way: "probe-failed",
    };
  },
});
