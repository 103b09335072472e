import { type AwsEndpoint, startMoto } from "../../endpoint/moto.ts";
import type { Engine } from "../../engines/lab-server.ts";
import type { PostgresMajor } from "../../engines/postgres-binaries.ts";
import { makeServerDirectory, removeServerDirectory } from "../../engines/server-directory.ts";
import { createMoto } from "../api/moto-calls.ts";
import { engineKind } from "../engines/engine-kind.ts";
import type { EngineNode } from "../engines/engine-node.ts";
import type { Delays } from "./delays.ts";
import { createEventBook } from "./events.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createWorld, type Hosts, ownerOf, type World } from "./world.ts";

export interface Life {
  readonly world: World;
  readonly region: string;
  readonly moto: string;
  stop(): Promise<void>;
}

interface Wanted {
  readonly engine: Engine;
  readonly major: PostgresMajor;
  readonly delays: Delays;
  readonly hosts: Hosts;
  readonly aws?: AwsEndpoint | undefined;
}

/** A world without databases, and the way to leave nothing of it behind. */
export async function startLife({ engine, major, delays, hosts, aws: given }: Wanted): Promise<Life> {
  const aws = given === undefined ? await startMoto() : await emptied(given);
  const directory = makeServerDirectory("rds-lab");
  const now = () => new Date();
  const ledger = createLedger(now);
  const nodes = new Set<EngineNode>();
  let world: World | null = null;
  const changed = (node: EngineNode) => {
    nodes.add(node);
    tell(ledger, node);
    if (world !== null) void openOrShut(world, node);
  };
  const stop = async () => {
    await world?.stop();
    await Promise.all(doorsOf(world).map((doors) => doors.close()));
    await Promise.all([...nodes].map((node) => node.remove()));
    await aws.stop();
    removeServerDirectory(directory);
  };
  try {
    const kind = await engineKind(engine, major, { directory, watch: { changed } });
    world = createWorld({
      moto: createMoto(aws.endpoint, aws.region),
      kind,
      delays,
      ledger,
      hosts,
      events: createEventBook(now),
    });
    return { world, region: aws.region, moto: aws.endpoint, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Lent: it forgets what it knew, and goes on when this lab has ended. */
async function emptied(aws: AwsEndpoint): Promise<AwsEndpoint> {
  const response = await fetch(`${aws.endpoint}/moto-api/reset`, { method: "POST" });
  if (!response.ok) throw new Error(`moto did not forget what it knew: ${response.status}`);
  return { ...aws, stop: async () => undefined };
}

/** A host on whose port nobody listens refuses; the address of a cluster leads to its writer. */
async function openOrShut(world: World, node: EngineNode): Promise<void> {
  const owner = ownerOf(world, node);
  if (owner === undefined) return;
  const up = node.pid() !== null;
  const led = [...world.clusters.values()].filter(({ writer }) => writer === owner);
  await Promise.all(
    [owner.doors, ...led.map(({ writerDoors }) => writerDoors)].map((doors) => doors.running(up)),
  );
}

function tell(ledger: Ledger, node: EngineNode): void {
  const what = node.pid() === null ? "engine ended" : "engine started";
  ledger.write({ operation: "", id: node.name, what, detail: "" });
}

function doorsOf(world: World | null) {
  const own = [...(world?.databases.values() ?? [])].map(({ doors }) => doors);
  const shared = [...(world?.clusters.values() ?? [])].flatMap(({ writerDoors, readerDoors }) => [
    writerDoors,
    readerDoors,
  ]);
  return [...own, ...shared];
}
