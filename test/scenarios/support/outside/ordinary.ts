import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import type { Connection } from "../../../../functions/core/contract/evidence.ts";
import type { Diagnosis } from "../../../../functions/core/contract/finding.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { settingsSchema } from "../../../../functions/core/settings.ts";
import { calmAurora, calmRds, calmReader } from "./calm.ts";
import type { Curves } from "./curves.ts";
import { clusterOf, instanceOf, loadOf, nightlyBackup } from "./described.ts";
import { evidenceOfWorld } from "./record-outside.ts";
import type { World } from "./world.ts";

export const ordinaryId = "orders-prod";
export const ordinaryReader = "orders-prod-2";
export const ordinaryCluster = "orders";

export type Flavour = "postgres" | "mysql" | "aurora-postgres" | "aurora-mysql";

const described = {
  postgres: { Engine: "postgres", EngineVersion: "16.4", DBInstanceClass: "db.m6g.xlarge" },
  mysql: { Engine: "mysql", EngineVersion: "8.4.5", DBInstanceClass: "db.m6g.xlarge" },
  "aurora-postgres": {
    Engine: "aurora-postgresql",
    EngineVersion: "15.6",
    DBInstanceClass: "db.r6g.xlarge",
  },
  "aurora-mysql": {
    Engine: "aurora-mysql",
    EngineVersion: "8.0.mysql_aurora.3.08.0",
    DBInstanceClass: "db.r6g.xlarge",
  },
} as const satisfies Record<Flavour, Partial<DBInstance>>;

export interface Unlike extends Partial<Omit<World, "instances" | "cluster">> {
  readonly self?: Partial<DBInstance>;
  readonly reader?: Partial<DBInstance>;
  readonly group?: Partial<DBCluster>;
}

/** A shop's database on an ordinary day; `unlike` says what is not so. Aurora's writer has a reader. */
export function ordinary(flavour: Flavour, unlike: Unlike = {}): World {
  const { self = {}, reader = {}, group = {}, metrics = {}, events = [], ...more } = unlike;
  const { Engine, EngineVersion, ...of } = described[flavour];
  const engine = flavour.endsWith("mysql") ? "mysql" : "postgres";
  const calm = { engine, vcpus: 4, connections: 96, cpu: 31, iops: 620 } as const;
  const rest = {
    events: [...events, ...nightlyBackup(ordinaryId)],
    load: loadOf(
      { CPU: 0.7, "IO:DataFileRead": 0.1 },
      [{ sql: "SELECT * FROM orders WHERE id = ?", waits: { CPU: 0.6 } }],
      { web: 0.8 },
    ),
    way: "probe-failed" as const,
    ...more,
  };
  if (!flavour.startsWith("aurora")) {
    const mine = { Engine, EngineVersion, ...of, AllocatedStorage: 300, ...self };
    const own = calmRds({ ...calm, memoryGib: 16, freeGib: 120 });
    return { instances: [instanceOf(ordinaryId, mine)], metrics: { ...own, ...metrics }, ...rest };
  }
  const member = { Engine, EngineVersion, ...of, DBClusterIdentifier: ordinaryCluster };
  const own: Curves = { ...calmAurora({ ...calm, memoryGib: 32 }), ...calmReader(ordinaryReader, 32) };
  return {
    instances: [
      instanceOf(ordinaryId, { ...member, ...self }),
      instanceOf(ordinaryReader, { ...member, ...reader }),
    ],
    cluster: clusterOf(ordinaryCluster, [ordinaryId, ordinaryReader], { Engine, EngineVersion, ...group }),
    metrics: { ...own, ...metrics },
    ...rest,
  };
}

/** The way in that ended so, without the seconds that it takes. */
export function shut(connection: Partial<Connection> = {}): NonNullable<World["inPart"]> {
  return (target, collectedAt) => ({
    schema: "probe-report.v1",
    target,
    collectedAt,
    connection: {
      status: "not-connected",
      failedStep: "tcp",
      detail: "no answer before the deadline",
      pointsTo: "packets are dropped on the way",
      tookMs: 3001,
      ...connection,
    },
    probes: [],
  });
}

const settings = settingsSchema.parse({});

export async function told(world: World): Promise<Diagnosis> {
  return diagnose(await evidenceOfWorld(world), settings);
}

/** Root causes that are no notes, the first first. */
export function rootsOf({ rootCauses, findings }: Diagnosis): Diagnosis["findings"] {
  const roots = rootCauses.flatMap((key) => findings.find((finding) => finding.key === key) ?? []);
  return roots.filter(({ severity }) => severity !== "P3");
}
