import type { DatabaseWorld } from "../define.ts";
import type { Backend } from "./backend.ts";
import type { ObjectStatement } from "./object-statement.ts";

/** Before each look: most have ended by the first, and need none. Together less than a statement is waited for. */
const pausesMs = [1000, 2000, 3000] as const;

interface Meanwhile {
  /** What was seen; nobody looks any more, and the connection is closed. */
  stop(): Promise<string | null>;
}

/**
 * Looks for what a statement makes while its own connection is busy with it: it may have ended before anybody follows it,
 * and then nothing tells it from a person's.
 */
export function madeMeanwhile<Input>(
  { makes }: ObjectStatement<Input>,
  world: DatabaseWorld,
  backend: Backend,
): Meanwhile {
  // Only PostgreSQL shows it.
  if (makes === undefined || world.target.engine !== "postgres") return { stop: async () => null };
  const over = new AbortController();
  const signal = AbortSignal.any([world.signal, over.signal]);
  const looking = looked({ ...world, signal }, (free) => makes(free, backend));
  return {
    stop() {
      over.abort();
      return looking;
    },
  };
}

async function looked(
  world: DatabaseWorld,
  look: (free: DatabaseWorld) => Promise<string | null>,
): Promise<string | null> {
  for (const pause of pausesMs) {
    try {
      await world.clock.sleep(pause, world.signal);
    } catch {
      return null;
    }
    const made = await world.aside(world, look);
    if (made !== null) return made;
  }
  return null;
}
