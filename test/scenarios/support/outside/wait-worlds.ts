import { calmAurora, calmRds, calmReader } from "./calm.ts";
import { type Curves, steps, usual } from "./curves.ts";
import { clusterOf, instanceOf, loadOf, nightlyBackup } from "./described.ts";
import { latches } from "./mysql-latches.ts";
import { threadStates } from "./mysql-thread-states.ts";
import { waitEvents } from "./mysql-wait-events.ts";
import type { World } from "./world.ts";

export interface WaitEntry {
  readonly name: string;
  readonly engines: readonly string[];
  /** `w`: it idles meanwhile; `c`: the CPU is full; `r`: the volume reads; `t`: the volume writes. */
  readonly machine: string;
  /** `x`: mixed; `r`: reads; `w`: writes; `n`: no statement has it. */
  readonly statements: string;
  readonly roots: readonly string[];
}

export const waitTable: readonly WaitEntry[] = [waitEvents, latches, threadStates].flatMap((table) =>
  table
    .trim()
    .split("\n")
    .map((line): WaitEntry => {
      const [name = "", engines = "", machine = "", statements = "", roots = ""] = line.split("|");
      return { name, engines: [...engines], machine, statements, roots: roots.split(" ") };
    }),
);

const vcpus = 4;
const minutes = 13;
const id = "shop-db";
const reader = "shop-db-2";

const texts: Readonly<Record<string, readonly string[]>> = {
  x: [
    "SELECT `id` , `state` FROM `orders` WHERE `customer_id` = ? AND `state` = ?",
    "UPDATE `orders` SET `state` = ? WHERE `id` = ?",
    "INSERT INTO `order_events` ( `order_id` , `kind` ) VALUES (...)",
    "SELECT * FROM `customers` WHERE `id` = ?",
  ],
  r: [
    "SELECT `o` . `id` FROM `orders` `o` JOIN `lines` `l` ON `l` . `order_id` = `o` . `id` WHERE `l` . `sku` = ?",
    "SELECT * FROM `customers` WHERE `id` = ?",
    "SELECT COUNT ( * ) FROM `lines` WHERE `sku` = ?",
    "SELECT `name` FROM `shops` WHERE `id` = ?",
  ],
  w: [
    "UPDATE `orders` SET `state` = ? WHERE `id` = ?",
    "INSERT INTO `order_events` ( `order_id` , `kind` ) VALUES (...)",
    "DELETE FROM `carts` WHERE `id` = ?",
    "UPDATE `stock` SET `free` = `free` - ? WHERE `sku` = ?",
  ],
};

/** How the load lies on statements; `unknown`: Performance Insights has no text of them. */
export const forms = { one: [0.86, 0.06, 0.04, 0.04], several: [0.36, 0.28, 0.2, 0.16], unknown: [1] };

/** Sessions on the CPU beside those that wait, where waits are told; a full CPU keeps more of them. */
function computing({ name, machine }: WaitEntry, sessions: number): number {
  if (!/^(wait|io|synch|lock|cpu)/i.test(name) || name.includes("table/sql/handler")) return 0.4;
  return machine === "c" && sessions > 2 * vcpus ? 3.6 : 1;
}

export function waitLoad(entry: WaitEntry, form: keyof typeof forms, sessions: number): World["load"] {
  const { name, statements } = entry;
  const other = /^(wait|io|synch|lock|cpu)/i.test(name) ? "CPU" : "Sending data";
  const beside = computing(entry, sessions);
  const waits = name === other ? { [name]: sessions + beside } : { [name]: sessions, [other]: beside };
  const all = form === "unknown" && statements !== "n" ? ["unknown"] : (texts[statements] ?? []);
  const of = (part: number) =>
    Object.fromEntries(Object.entries(waits).map(([wait, load]) => [wait, load * part]));
  const shares = forms[form];
  return loadOf(
    waits,
    all.map((sql, index) => ({ sql, waits: of(shares[index] ?? 0) })),
    { shop_web: sessions * 0.7, shop_jobs: sessions * 0.3 },
  );
}

/** The machine beside such a load, for some minutes, or as at this hour of every day. */
export function waitWorld(
  entry: WaitEntry,
  engine: string,
  sessions: number,
  since: "lately" | "ever",
): World {
  const aurora = engine === "a";
  const calm = {
    engine: engine === "M" ? "mariadb" : "mysql",
    vcpus,
    memoryGib: 32,
    connections: 120,
    cpu: 34,
    iops: 600,
  } as const;
  const from = (before: number, now: number) => (since === "ever" ? usual(now) : steps(before, now, minutes));
  const onCpu = /^cpu$/i.test(entry.name) ? sessions : computing(entry, sessions);
  const crowd: Curves = {
    DBLoad: from(1.4, sessions + computing(entry, sessions)),
    DBLoadCPU: from(1.05, onCpu),
    DBLoadNonCPU: from(0.35, sessions),
    DatabaseConnections: from(120, 131),
    ...machineOf(entry.machine, sessions, from, aurora),
  };
  const rds = { AllocatedStorage: 500, Iops: 12_000, StorageThroughput: 500, MultiAZ: true };
  const own = aurora
    ? { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.0", DBClusterIdentifier: "shop" }
    : { Engine: calm.engine, EngineVersion: engine === "M" ? "11.4.4" : "8.4.3", ...rds };
  const version = { Engine: own.Engine, EngineVersion: own.EngineVersion };
  return {
    instances: (aurora ? [id, reader] : [id]).map((one) =>
      instanceOf(one, { ...own, DBInstanceClass: "db.r6g.xlarge" }),
    ),
    ...(aurora ? { cluster: clusterOf("shop", [id, reader], version) } : {}),
    metrics: {
      ...(aurora ? { ...calmAurora(calm), ...calmReader(reader, 32) } : calmRds({ ...calm, freeGib: 240 })),
      ...(sessions > vcpus ? crowd : {}),
    },
    events: aurora ? [] : nightlyBackup(id),
    way: "probe-failed",
  };
}

function machineOf(
  machine: string,
  sessions: number,
  from: (before: number, now: number) => Curves[string],
  aurora: boolean,
): Curves {
  switch (machine) {
    case "c":
      return { CPUUtilization: from(34, 93) };
    case "r":
      return {
        CPUUtilization: from(34, 21),
        ReadIOPS: from(240, 2900),
        ReadLatency: from(0.0007, 0.0021),
        DiskQueueDepth: from(0.7, sessions * 0.8),
        ...(aurora ? { BufferCacheHitRatio: from(99.8, 96) } : {}),
      };
    case "t":
      return {
        CPUUtilization: from(34, 21),
        WriteIOPS: from(360, 2700),
        WriteLatency: from(0.0015, 0.003),
        DiskQueueDepth: from(0.7, sessions * 0.7),
      };
    default:
      return {
        CPUUtilization: from(34, 21),
        WriteIOPS: from(360, 190),
        ReadIOPS: from(240, 150),
        ...(aurora ? { CommitThroughput: from(210, 80) } : {}),
      };
  }
}
