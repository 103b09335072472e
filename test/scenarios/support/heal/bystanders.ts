import { setTimeout as pause } from "node:timers/promises";
import type { LabServer } from "../../../lab/engines/lab-server.ts";
import { type BystanderClient, openClient } from "./bystander-client.ts";
import { objectsSql, prepareSql, type Role, roles } from "./bystander-tables.ts";
import { createWorker, type Hurt, type Worker } from "./bystander-worker.ts";

/** Healthy sessions with tables of their own, that go on working while a fault is healed. */
export interface Bystanders {
  /** They begin to work. */
  run(): void;
  /** From now on what happens to them is the responder's doing, unless the fault did the same to them before. */
  mark(): void;
  /** Stops them, and says what they have suffered since the mark. */
  judge(): Promise<readonly Hurt[]>;
  close(): Promise<void>;
}

const patienceMs = 3000;

/**
 * Their sessions and tables are there before the fault, so that a full or locked server does not keep them away.
 * `readsAt`: where the readers are, a replica where the scenario looks at one.
 */
export async function openBystanders(server: LabServer, readsAt: LabServer): Promise<Bystanders> {
  const objects = async (admin: BystanderClient) =>
    JSON.stringify(await admin.query(objectsSql(server.engine)));
  const before = await asAdmin(server, async (admin) => {
    for (const sql of prepareSql(server.engine)) await admin.query(sql);
    return objects(admin);
  });
  const workers: Worker[] = [];
  for (const role of roles) workers.push(await opened(role, role === "reader" ? readsAt : server));
  let running = true;
  let loops: Promise<void>[] = [];
  const stop = async (): Promise<void> => {
    running = false;
    await Promise.race([Promise.allSettled(loops), pause(patienceMs)]);
  };
  return {
    run: () => {
      loops = workers.map((worker) => worker.work(() => running));
    },
    mark: () => {
      for (const worker of workers) worker.mark();
    },
    judge: async () => {
      await stop();
      const [now, rows] = await asAdmin(server, async (admin) => [
        await objects(admin),
        await Promise.all(workers.map((worker) => worker.rows(admin))),
      ]);
      const changed = { kind: "objects", says: `their objects were ${before}, and are ${now}` } as const;
      return [
        ...workers.flatMap((worker) => worker.suffered()),
        ...rows.flat(),
        ...(now === before ? [] : [changed]),
      ];
    },
    close: async () => {
      await stop();
      await Promise.all(workers.map(({ client }) => client().close()));
    },
  };
}

async function opened(role: Role, at: LabServer): Promise<Worker> {
  const open = () => openClient(at, "shop", `bystander ${role}`);
  return createWorker(role, await open(), open);
}

/** Anew each time: a fault may be a crash of the server. */
async function asAdmin<T>(server: LabServer, work: (admin: BystanderClient) => Promise<T>): Promise<T> {
  const admin = await openClient(server, "rdsadmin", "bystanders");
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}
