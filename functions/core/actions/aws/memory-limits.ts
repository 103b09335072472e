import type { Changeable, ParameterState } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import { formulaValue } from "../aws-calls/parameter-formula.ts";
import type { AwsWorld } from "../define-aws.ts";

export interface Sizes {
  readonly vcpus: { readonly from: number; readonly to: number };
  /** Bytes. */
  readonly memory: { readonly from: number; readonly to: number };
}

/** What follows the memory of a class: the buffer pool, and how many may connect. */
export interface MemoryLimits {
  readonly connections: number;
  /** Bytes. */
  readonly pool: { readonly from: number; readonly to: number };
  /** All of it is taken when the engine starts: PostgreSQL's, unless somebody has turned its huge pages off. */
  readonly isReserved: boolean;
}

interface Default {
  readonly pool: string;
  readonly connections: string;
}

/** DBInstanceClassMemory is what the operating system and RDS leave of it. */
const ofInstance = 0.9;
/** PostgreSQL counts its buffers in pages. */
const pageBytes = 8192;

/**
 * Where no group tells it.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.ParameterGroups.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html
 */
const defaults: Readonly<
  Record<"postgres" | "mysql" | "mariadb" | "aurora-postgres" | "aurora-mysql", Default>
> = {
  postgres: {
    pool: "{DBInstanceClassMemory/32768}",
    connections: "LEAST({DBInstanceClassMemory/9531392},5000)",
  },
  "aurora-postgres": {
    pool: "SUM({DBInstanceClassMemory/12038},-50003)",
    connections: "LEAST({DBInstanceClassMemory/9531392},5000)",
  },
  mysql: { pool: "{DBInstanceClassMemory*3/4}", connections: "{DBInstanceClassMemory/12582880}" },
  mariadb: {
    pool: "{DBInstanceClassMemory*3/4}",
    connections: "LEAST({DBInstanceClassMemory/25165760},12000)",
  },
  "aurora-mysql": {
    pool: "{DBInstanceClassMemory*3/4}",
    connections:
      "GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281408)*1000})",
  },
};

function defaultOf({ engine, flavour }: Target): Default {
  if (flavour !== "aurora") return defaults[engine];
  return engine === "postgres" ? defaults["aurora-postgres"] : defaults["aurora-mysql"];
}

/** A sentence where they cannot be told. */
export async function memoryLimits(
  world: AwsWorld,
  state: Changeable,
  { memory }: Sizes,
): Promise<MemoryLimits | string> {
  const { engine } = world.target;
  const names = { pool: engine === "postgres" ? "shared_buffers" : "innodb_buffer_pool_size" };
  const known = await parametersOf(world, state, [names.pool, "max_connections", "huge_pages"]);
  const byDefault = defaultOf(world.target);
  const unit = engine === "postgres" ? pageBytes : 1;
  const bytes = (text: string, of: number) => {
    const value = formulaValue(text, of * ofInstance);
    return value === null ? null : value * unit;
  };
  const poolText = known(names.pool) ?? byDefault.pool;
  const [from, to] = [bytes(poolText, memory.from), bytes(poolText, memory.to)];
  const connectionsText = known("max_connections") ?? byDefault.connections;
  const connections = formulaValue(connectionsText, memory.to * ofInstance);
  if (from === null || to === null) return `${names.pool} is ${poolText}, which is not understood`;
  if (connections === null) return `max_connections is ${connectionsText}, which is not understood`;
  if (to > memory.to * ofInstance)
    return `${names.pool} is set to ${poolText}: the smaller class has not as much, and would not start`;
  const isReserved = engine === "postgres" && (known("huge_pages") ?? "on") === "on";
  return { connections: Math.floor(connections), pool: { from, to }, isReserved };
}

/** What somebody has set counts, the instance's before its cluster's; then what RDS gives it. */
async function parametersOf(
  { rds, target, signal }: AwsWorld,
  state: Changeable,
  names: readonly string[],
): Promise<(name: string) => string | null> {
  const cluster =
    state.kind === "cluster" || target.clusterId === null
      ? null
      : await rds.describe({ kind: "cluster", id: target.clusterId }, signal);
  const groups = [
    ...state.parameterGroups.map(({ name }) => ({ of: name, level: state.kind })),
    ...(cluster?.parameterGroups ?? []).map(({ name }) => ({ of: name, level: cluster?.kind ?? "cluster" })),
  ];
  const found: ParameterState[] = [];
  for (const group of groups) found.push(...(await rds.parameters(group, names, signal)));
  return (name) => {
    const all = found.filter((one) => one.name === name && one.value !== null);
    return (all.find(({ isSet }) => isSet) ?? all[0])?.value ?? null;
  };
}
