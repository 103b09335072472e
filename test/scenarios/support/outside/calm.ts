import { type Curve, type Curves, usual } from "./curves.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;

export interface Calm {
  readonly engine: "postgres" | "mysql" | "mariadb";
  readonly vcpus: number;
  readonly memoryGib: number;
  /** Free of the volume; left out for Aurora, which has none. */
  readonly freeGib?: number;
  readonly connections: number;
  readonly cpu: number;
  readonly iops: number;
}

/** What an RDS instance publishes on an ordinary day. */
export function calmRds(calm: Calm): Curves {
  const { engine, freeGib = 80 } = calm;
  return {
    ...calmInstance(calm),
    FreeStorageSpace: usual(freeGib * gib),
    "EBSIOBalance%": usual(99),
    "EBSByteBalance%": usual(99),
    ...(engine === "postgres"
      ? { MaximumUsedTransactionIDs: usual(214e6), TransactionLogsDiskUsage: usual(1.1 * gib) }
      : { BinLogDiskUsage: usual(310 * mib) }),
  };
}

/** What an Aurora instance publishes on an ordinary day, and its cluster. */
export function calmAurora(calm: Calm): Curves {
  return {
    ...calmInstance(calm),
    FreeLocalStorage: usual(calm.memoryGib * 1.9 * gib),
    Deadlocks: () => 0,
    BufferCacheHitRatio: usual(99.8),
    CommitLatency: usual(2.4),
    CommitThroughput: usual(210),
    EngineUptime: (ago) => 41 * 86_400 - ago * 60,
    VolumeBytesUsed: usual(310 * gib),
    AuroraReplicaLagMaximum: usual(19),
    ...(calm.engine === "postgres" ? { MaximumUsedTransactionIDs: usual(180e6) } : auroraMysql),
  };
}

const auroraMysql: Curves = {
  Queries: usual(1900),
  SelectLatency: usual(0.6),
  DMLLatency: usual(1.4),
  BlockedTransactions: () => 0,
  LoginFailures: () => 0,
  AbortedClients: usual(1),
  RollbackSegmentHistoryListLength: usual(140),
  TransactionAgeMaximum: usual(2),
  AuroraVolumeBytesLeftTotal: usual(130_000 * gib),
};

function calmInstance({ vcpus, memoryGib, connections, cpu, iops }: Calm): Record<string, Curve> {
  const onCpu = (vcpus * cpu) / 130;
  return {
    CPUUtilization: usual(cpu),
    DatabaseConnections: usual(connections),
    FreeableMemory: usual(memoryGib * 0.22 * gib),
    SwapUsage: usual(6 * mib),
    ReadIOPS: usual(iops * 0.4),
    WriteIOPS: usual(iops * 0.6),
    ReadLatency: usual(0.0007),
    WriteLatency: usual(0.0015),
    ReadThroughput: usual(iops * 0.4 * 18_000),
    WriteThroughput: usual(iops * 0.6 * 21_000),
    NetworkReceiveThroughput: usual(connections * 9000),
    NetworkTransmitThroughput: usual(connections * 31_000),
    DiskQueueDepth: usual(iops * 0.0012),
    DBLoad: usual(onCpu * 1.3),
    DBLoadCPU: usual(onCpu),
    DBLoadNonCPU: usual(onCpu * 0.3),
  };
}

/** A reader beside the writer that has little to do. */
export function calmReader(name: string, memoryGib: number): Curves {
  return {
    [`${name}/CPUUtilization`]: usual(11),
    [`${name}/DatabaseConnections`]: usual(34),
    [`${name}/FreeableMemory`]: usual(memoryGib * 0.3 * gib),
    [`${name}/DBLoad`]: usual(0.7),
    [`${name}/AuroraReplicaLag`]: usual(19),
  };
}

/** Without Performance Insights CloudWatch has no load of the database. */
export function withoutInsights(curves: Curves): Curves {
  return Object.fromEntries(Object.entries(curves).filter(([name]) => !name.startsWith("DBLoad")));
}
