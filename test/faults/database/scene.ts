import type { WorkOrder } from "../../../functions/core/contract/work-order.ts";
import type { LabServer } from "../../lab/engines/lab-server.ts";

type Input = WorkOrder["input"];

/** One action on a real engine, and how often it has been done there, as somebody else sees it. */
export interface Scene {
  /** The beginning of the statement that acts. */
  readonly acting: RegExp;
  /** The world in which it is called for; answers with the order's input. */
  prepare(): Promise<Input>;
  /** How often it was done since then, as a second connection sees it. */
  done(): Promise<number>;
  /** Where the server tells its time in whole seconds: until what is done next is seen to be another. */
  settle?(): Promise<void>;
  /** Done by an attempt that died it cannot be told from not done: nothing is done again, and that is said. */
  readonly noTrace?: true;
}

export type Scenes = Readonly<Record<string, Scene>>;

/** A server with what it takes to watch the responder from outside. */
export interface World {
  readonly server: LabServer;
  readonly scenes: Scenes;
  /** What is left there of the responder's, in words: sessions, locks, indexes that are not valid. */
  left(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export type Ask = (sql: string) => Promise<string>;
type Watched = Pick<Scene, "prepare" | "done">;

/** Done as often as the number that the question is answered with has changed since the scene was set. */
export function counted(ask: Ask, sql: string, sign: 1 | -1, prepare: () => Promise<Input>): Watched {
  let before = 0;
  const count = async (): Promise<number> => Number(await ask(sql));
  return {
    prepare: async () => {
      const input = await prepare();
      before = await count();
      return input;
    },
    done: async () => sign * ((await count()) - before),
  };
}

/** Done as often as the answer was seen to be another one since the scene was set. */
export function changed(ask: Ask, sql: string, prepare: () => Promise<Input>): Watched {
  let last = "";
  let times = 0;
  return {
    prepare: async () => {
      const input = await prepare();
      last = await ask(sql);
      times = 0;
      return input;
    },
    done: async () => {
      const now = await ask(sql);
      if (now !== last) times += 1;
      last = now;
      return times;
    },
  };
}
