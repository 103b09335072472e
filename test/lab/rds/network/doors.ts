import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { onFreePort } from "../../engines/free-port.ts";
import { type Direction, type Flow, startFlow } from "./flow.ts";

/** An address that leads to whatever engine stands for a database at the moment. */
export interface Door {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Who comes through a door: security groups keep out clients. The replication of RDS passes, and so does the responder,
 * which each of them lets in.
 */
export type DoorUse = "clients" | "replication" | "responder";

/** The network before one database: a door a client, each with its own breakage. */
export interface Doors {
  /** The door of this name, made when there is none. */
  open(name: string, options?: OpenOptions): Promise<Door>;
  /** From now on nothing passes in these directions, both when none is named. Connections stay and hear nothing. */
  cut(name: string, ...directions: readonly Direction[]): void;
  heal(name: string): void;
  /** While anything bars them no client's bytes pass, in either direction; replication goes on. */
  bar(reason: string, shut: boolean): void;
  /** While no engine runs behind them doors refuse, as a host does on whose port nobody listens. */
  running(up: boolean): Promise<void>;
  close(): Promise<void>;
}

interface OpenOptions {
  readonly use?: DoorUse;
  readonly host?: string;
  readonly port?: number;
}

interface State {
  readonly door: Door;
  readonly use: DoorUse;
  readonly server: Server;
  readonly flows: Set<Flow>;
  cut: ReadonlySet<Direction>;
}

const everything: ReadonlySet<Direction> = new Set(["to-database", "from-database"]);

export function createDoors(target: () => number | null): Doors {
  const states = new Map<string, State>();
  const bars = new Set<string>();
  const cutOf = ({ cut, use }: State) => (bars.size > 0 && use === "clients" ? everything : cut);
  const obey = (state: State) => {
    for (const flow of state.flows) flow.obey(cutOf(state));
  };
  const accept = (state: State, client: Socket) => {
    if (target() === null) {
      client.resetAndDestroy();
      return;
    }
    const flow = startFlow({ client, target, cut: cutOf(state), ended: () => state.flows.delete(flow) });
    state.flows.add(flow);
  };
  const setCut = (name: string, cut: ReadonlySet<Direction>) => {
    const state = states.get(name);
    if (state === undefined) throw new Error(`there is no door ${name}; there are ${[...states.keys()]}`);
    state.cut = cut;
    obey(state);
  };
  return {
    ...createListening(states, accept),
    cut: (name, ...directions) => setCut(name, directions.length === 0 ? everything : new Set(directions)),
    heal: (name) => setCut(name, new Set()),
    bar: (reason, shut) => {
      if (shut) bars.add(reason);
      else bars.delete(reason);
      for (const state of states.values()) obey(state);
    },
  };
}

type Accept = (state: State, client: Socket) => void;

function createListening(
  states: Map<string, State>,
  accept: Accept,
): Pick<Doors, "open" | "running" | "close"> {
  let up = true;
  // Listening again before the end of listening is through would wait for ever.
  let turn = Promise.resolve();
  return {
    open: async (name, options = {}) => {
      const known = states.get(name);
      if (known !== undefined) return known.door;
      const state = await makeState(name, options, accept);
      states.set(name, state);
      if (!up) await unlisten(state);
      return state.door;
    },
    running: (now) => {
      turn = turn.then(async () => {
        if (up === now) return;
        up = now;
        await Promise.all([...states.values()].map(now ? relisten : unlisten));
      });
      return turn;
    },
    close: async () => {
      await turn;
      await Promise.all([...states.values()].map(unlisten));
    },
  };
}

async function makeState(
  name: string,
  { use = "clients", host = "127.0.0.1", port }: OpenOptions,
  accept: Accept,
): Promise<State> {
  const listenAt = async (at: number): Promise<State> => {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(at, host);
    await once(server, "listening");
    const state: State = { door: { name, host, port: at }, use, server, flows: new Set(), cut: new Set() };
    server.on("connection", (client) => accept(state, client));
    return state;
  };
  return port === undefined ? onFreePort(listenAt) : listenAt(port);
}

async function relisten({ server, door }: State): Promise<void> {
  if (server.listening) return;
  server.listen(door.port, door.host);
  await once(server, "listening");
}

/** Connections of an engine that is gone end with it, broken network or not: the host resets what it does not know. */
async function unlisten({ server, flows }: State): Promise<void> {
  for (const flow of [...flows]) flow.destroy();
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
