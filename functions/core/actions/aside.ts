import type { Target } from "../contract/target.ts";
import type { ConnectOptions, Databases } from "../ports.ts";
import type { DatabaseWorld } from "./define.ts";

/** Nobody waits longer for a look that only makes sure: neither for the way to it, nor for its answer. */
const longestMs = 2000;

/**
 * Looks by a connection of its own, closed at once, while the world's is busy. Null: there was no way to it or no answer in
 * time: nothing may hide what the busy one has begun.
 */
export async function aside<T>(
  { databases, target, options }: Aside,
  world: DatabaseWorld,
  look: (world: DatabaseWorld) => Promise<T | null>,
): Promise<T | null> {
  const { connectTimeoutMs, statementTimeoutMs } = options;
  const short = {
    ...options,
    connectTimeoutMs: Math.min(connectTimeoutMs, longestMs),
    statementTimeoutMs: Math.min(statementTimeoutMs, longestMs),
  };
  const connected = await databases.connect(target, short, world.signal);
  if (connected.kind === "not-connected") return null;
  const { session } = connected;
  try {
    return await look({ ...world, session });
  } catch {
    return null;
  } finally {
    await session.close();
  }
}

export interface Aside {
  readonly databases: Databases;
  readonly target: Target;
  readonly options: ConnectOptions;
}
