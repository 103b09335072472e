import { rmSync } from "node:fs";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { labUrl } from "../../engines/lab-server.ts";
import { startMysqld } from "../../engines/mysqld-process.ts";
import type { Product } from "../../engines/mysqld-server.ts";
import type { EngineNode, NodeWatch } from "./engine-node.ts";
import { createEngineProcess, type EngineProcess } from "./engine-process.ts";
import { kindOf, parametersOf, setAll } from "./mysqld-parameters.ts";
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

/** One mysqld or mariadbd that is started, promoted and led to another source on the same data directory. */
export function createMysqldNode(options: MysqldNodeOptions): EngineNode {
  const { name, product, dataDir, watch } = options;
  const { engine: family } = product;
  const role: Role = { replica: options.replica, parameters: new Map(), inForce: new Map() };
  const engine = createEngineProcess(
    () => launch(options, role),
    () => watch.changed(node),
  );
  const query = <T>(work: (query: Query) => Promise<T>) => withConnection(engine, family, work);
  const node: EngineNode = {
    name,
    dataDir,
    pid: () => engine.running()?.process.pid ?? null,
    port: () => engine.running()?.port ?? null,
    start: () => engine.start(),
    stop: (how) =>
      how === "clean" ? engine.end({ signal: "SIGTERM", waitMs: 20_000 }, kill) : engine.end(kill),
    signal: (signal) => engine.signal(signal),
    promote: async () => {
      await query((ask) => promote(family, ask));
      role.replica = false;
    },
    follow: (port) => query((ask) => follow(family, ask, port)),
    configure: async (next) => {
      role.parameters = next;
      return engine.running() === null ? [...next.keys()] : query((ask) => setAll(ask, next, role.inForce));
    },
    parameterKind: (parameter) => query((ask) => kindOf(ask, parameter)),
    parameters: () => query(parametersOf),
    position: () => query((ask) => positionOf(family, ask)),
    reached: (position) => query((ask) => hasReached(family, ask, position)),
    sample: () => query((ask) => sample(family, ask)),
    remove: async () => {
      await engine.end(kill);
      const files = ["", ".log", ".sock", ".sock.lock", ".pid", ".tmp"].map((end) => `${dataDir}${end}`);
      for (const file of files) rmSync(file, { recursive: true, force: true });
    },
  };
  return node;
}

const kill = { signal: "SIGKILL", waitMs: 15_000 } as const;

interface Role {
  replica: boolean;
  parameters: ReadonlyMap<string, string>;
  inForce: Map<string, string>;
}

function launch({ product, directory, dataDir, serverId }: MysqldNodeOptions, role: Role) {
  const { engine, binaries } = product;
  role.inForce = new Map(role.parameters);
  const own = { "server-id": String(serverId), "read-only": role.replica ? "ON" : "OFF" };
  const settings = { ...product.settings, ...common(engine), ...own, ...Object.fromEntries(role.parameters) };
  return startMysqld({
    binaries,
    directory,
    dataDir,
    settings,
    readyUrl: (port) => labUrl(engine, port, "rdsadmin"),
  });
}

/** A crash leaves half a relay log, and a broken network is to be noticed within seconds. */
function common(family: "mysql" | "mariadb"): Record<string, string> {
  const timeout = family === "mysql" ? "replica-net-timeout" : "slave-net-timeout";
  return { "relay-log-recovery": "ON", [timeout]: "5", "max-connections": "151" };
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
