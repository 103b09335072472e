import { rmSync } from "node:fs";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import * as z from "zod";
import { labUrl } from "../../engines/lab-server.ts";
import { startMysqld } from "../../engines/mysqld-process.ts";
import type { Product } from "../../engines/mysqld-server.ts";
import type { EngineNode, NodeWatch } from "./engine-node.ts";
import { createEngineProcess, type EngineProcess } from "./engine-process.ts";
import { follow, hasReached, positionOf, promote, type Query, sample } from "./mysqld-replication.ts";

export interface MysqldNodeOptions {
  readonly name: string;
  readonly product: Product<"mysql" | "mariadb">;
  readonly directory: string;
  readonly dataDir: string;
  readonly serverId: number;
  readonly replica: boolean;
  readonly watch: NodeWatch;
}

/** ER_INCORRECT_GLOBAL_LOCAL_VAR, ER_UNKNOWN_SYSTEM_VARIABLE */
const readOnlyVariable = 1238;
const unknownVariable = 1193;

/** One mysqld or mariadbd that is started, promoted and led to another source on the same data directory. */
export function createMysqldNode(options: MysqldNodeOptions): EngineNode {
  const { name, product, directory, dataDir, serverId, watch } = options;
  const { engine: family, binaries } = product;
  let parameters: ReadonlyMap<string, string> = new Map();
  let inForce = new Map<string, string>();
  let replica = options.replica;
  const launch = () => {
    inForce = new Map(parameters);
    const own = { "server-id": String(serverId), "read-only": replica ? "ON" : "OFF" };
    const settings = { ...product.settings, ...common(family), ...own, ...Object.fromEntries(parameters) };
    return startMysqld({
      binaries,
      directory,
      dataDir,
      settings,
      readyUrl: (port) => labUrl(family, port, "rdsadmin"),
    });
  };
  const engine = createEngineProcess(launch, () => watch.changed(node));
  const query = <T>(work: (query: Query) => Promise<T>) => withConnection(engine, family, work);
  const node: EngineNode = {
    name,
    dataDir,
    pid: () => engine.running()?.process.pid ?? null,
    port: () => engine.running()?.port ?? null,
    start: () => engine.start(),
    stop: (how) => {
      const kill = { signal: "SIGKILL", waitMs: 15_000 } as const;
      return how === "clean" ? engine.end({ signal: "SIGTERM", waitMs: 20_000 }, kill) : engine.end(kill);
    },
    signal: (signal) => engine.signal(signal),
    promote: async () => {
      await query((ask) => promote(family, ask));
      replica = false;
    },
    follow: (port) => query((ask) => follow(family, ask, port)),
    configure: async (next) => {
      parameters = next;
      if (engine.running() === null) return [...next.keys()];
      return query((ask) => setAll(ask, next, inForce));
    },
    parameterKind: (parameter) => query((ask) => kindOf(ask, parameter)),
    position: () => query((ask) => positionOf(family, ask)),
    reached: (position) => query((ask) => hasReached(family, ask, position)),
    sample: () => query((ask) => sample(family, ask)),
    remove: async () => {
      await node.stop("now");
      const files = ["", ".log", ".sock", ".sock.lock", ".pid", ".tmp"].map((end) => `${dataDir}${end}`);
      for (const file of files) rmSync(file, { recursive: true, force: true });
    },
  };
  return node;
}

/** A crash leaves half a relay log, and a broken network is to be noticed within seconds. */
function common(family: "mysql" | "mariadb"): Record<string, string> {
  const timeout = family === "mysql" ? "replica-net-timeout" : "slave-net-timeout";
  return { "relay-log-recovery": "ON", [timeout]: "5", "max-connections": "151" };
}

/** The names that only the next start changes. */
async function setAll(
  ask: Query,
  wanted: ReadonlyMap<string, string>,
  inForce: Map<string, string>,
): Promise<readonly string[]> {
  const waiting: string[] = [];
  for (const [name, value] of wanted) {
    if (inForce.get(name) === value) continue;
    const literal = /^-?\d+(\.\d+)?$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
    const failed = await errnoOf(ask(`SET GLOBAL ${checked(name)} = ${literal}`));
    if (failed === readOnlyVariable) waiting.push(name);
    else inForce.set(name, value);
  }
  return waiting;
}

/** Setting a variable to what it is changes nothing and tells whether it could be. */
async function kindOf(ask: Query, name: string): Promise<"static" | "dynamic" | null> {
  const failed = await errnoOf(ask(`SET GLOBAL ${checked(name)} = @@GLOBAL.${checked(name)}`));
  if (failed === unknownVariable) return null;
  return failed === readOnlyVariable ? "static" : "dynamic";
}

function checked(name: string): string {
  return z
    .string()
    .regex(/^\w+(\.\w+)?$/, "no name of a variable")
    .parse(name);
}

const withErrno = z.object({ errno: z.number() });

async function errnoOf(work: Promise<unknown>): Promise<number | null> {
  try {
    await work;
    return null;
  } catch (error) {
    const told = withErrno.safeParse(error);
    if (told.success && [readOnlyVariable, unknownVariable].includes(told.data.errno)) return told.data.errno;
    throw error;
  }
}

async function withConnection<T>(
  engine: EngineProcess,
  family: "mysql" | "mariadb",
  work: (query: Query) => Promise<T>,
): Promise<T> {
  const running = engine.running();
  if (running === null) throw new Error("no engine runs there");
  const uri = labUrl(family, running.port, "rdsadmin");
  const connection = await createConnection({ uri, connectTimeout: 3_000 });
  connection.on("error", () => undefined);
  try {
    return await work(async (sql, ...values) => {
      const [rows] = await connection.query<RowDataPacket[]>({ sql, values, timeout: 60_000 });
      return Array.isArray(rows) ? rows : [];
    });
  } finally {
    connection.destroy();
  }
}
