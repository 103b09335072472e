import { setTimeout as sleep } from "node:timers/promises";
import type { FailoverPorts } from "../../../functions/core/failover/ports.ts";
import { type AwsEndpoint, giveCredentials } from "../endpoint/moto.ts";
import { type Engine, labPasswords } from "../engines/lab-server.ts";
import { waitUntil } from "../engines/wait-until.ts";
import type { FaultRequest } from "../rds/api/faults.ts";
import { makeQuarantine } from "../rds/deployment.ts";
import { createResponderUsers } from "../rds/responder-users.ts";
import { once } from "../rds/session.ts";
import { type Lab, startLab } from "../rds/start-lab.ts";
import type { Database } from "../rds/world/database.ts";
import type { Delays } from "../rds/world/delays.ts";
import type { Approver } from "./approver.ts";
import { type Clients, startClients } from "./clients.ts";
import { shortenName } from "./lab-calls.ts";
import { openPorts, type Told } from "./open-ports.ts";

/** A real primary with two replicas, clients who write, and a responder whose adapters reach nothing else. */
export interface Stage {
  readonly engine: Engine;
  readonly lab: Lab;
  readonly ports: FailoverPorts;
  readonly told: readonly Told[];
  readonly clients: Clients;
  primary(): Database;
  replicas(): readonly Database[];
  inject(...faults: readonly FaultRequest[]): void;
  /** The most that stood at once. */
  injected(): number;
  stop(): Promise<void>;
}

export const original = "orders-1";

export interface StageOptions {
  readonly engine: Engine;
  readonly aws: AwsEndpoint;
  readonly delays?: Partial<Delays>;
  readonly approver?: Approver | undefined;
}

export async function startStage({ engine, aws, delays = {}, approver }: StageOptions): Promise<Stage> {
  giveCredentials();
  const lab = await startLab({
    ...{ engine, aws, topology: "primary-replica", replicas: 2, hosts: "each" },
    delays: { sampleMs: 3000, ...delays },
  });
  try {
    const primary = lab.database(original);
    await setUp(engine, primary);
    for (const { doors } of lab.databases()) await doors.open("responder", { use: "responder" });
    const [quarantineGroup] = await Promise.all([makeQuarantine(lab), shortenName(lab)]);
    const { ports, told } = await openPorts(lab, { engine, quarantineGroup, approver });
    const now = () => Date.now();
    await sampled(ports);
    let injected = 0;
    const clients = startClients({ engine, count: 8, resolve: () => lab.resolve("dns"), now });
    return {
      ...{ engine, lab, ports, told, clients },
      primary: () => primary,
      replicas: () => lab.databases().filter(({ id }) => id !== original),
      inject: (...faults) => {
        injected = Math.max(injected, faults.length);
        lab.inject(...faults);
      },
      injected: () => injected,
      stop: async () => {
        await clients.stop();
        await ports.door.close?.();
        await lab.stop();
      },
    };
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

async function setUp(engine: Engine, database: Database): Promise<void> {
  const { node, endpoint } = database;
  const own = { host: "127.0.0.1", port: node.port() ?? 0 };
  if (engine === "postgres") {
    await once(engine, own, "rdsadmin", [postgresShop]);
    await once(engine, endpoint, "admin", [ledgerTable, "grant all on chaos_ledger to shop"]);
  } else {
    await once(engine, own, "rdsadmin", [
      `create user shop@'%' identified by '${labPasswords.shop}'`,
      "grant all privileges on app.* to shop@'%'",
      ledgerTable,
    ]);
  }
  await createResponderUsers(engine, database);
}

const postgresShop = `create role shop login password '${labPasswords.shop}'`;
const ledgerTable = "create table chaos_ledger (client int, number int, primary key (client, number))";

/** Without a first sample of CloudWatch nothing is known of lag and storage, and everything is held. */
async function sampled({ controlPlane }: FailoverPorts): Promise<void> {
  await waitUntil(
    async () => {
      const { nodes } = await controlPlane.describe(original);
      return nodes.every(({ freeStoragePercent, lag, replicaOf }) =>
        replicaOf === null ? freeStoragePercent !== null : lag !== null,
      );
    },
    { what: "CloudWatch has samples", timeoutMs: 30_000, everyMs: 200 },
  );
  await sleep(100);
}
