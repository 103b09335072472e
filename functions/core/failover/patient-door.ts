import type { NodeLook } from "../contract/failover-topology.ts";
import type { Clock } from "../ports.ts";
import type { NodeDoor } from "./ports.ts";

/** So long one that did not answer is waited for again, beside those that do. */
const patienceMs = 250;
/** What is known of it is no older than that; then its look is waited for to the end. */
const oldestMs = 10_000;

/**
 * A host that is gone answers no connection, and a look at it takes as long as connecting may: of one that did not answer
 * at the look before, the next look goes on beside the run, and until it ends what was known stands. It is waited for
 * all the time, so who comes back is seen as soon as by a look that waits. For one drive; closed, it looks no more.
 */
export function createPatientDoor(door: NodeDoor, clock: Clock): NodeDoor {
  const silent = new Map<string, { readonly look: NodeLook; readonly at: number }>();
  const going = new Map<string, Promise<NodeLook>>();
  const cut = new AbortController();
  const begin: NodeDoor["look"] = async (node, topology, signal, session) => {
    try {
      const until = AbortSignal.any([cut.signal, ...(signal === undefined ? [] : [signal])]);
      const look = await door.look(node, topology, until, session);
      if (look.reachable) silent.delete(node.id);
      else silent.set(node.id, { look, at: clock.now() });
      return look;
    } finally {
      going.delete(node.id);
    }
  };
  return {
    ...door,
    look: async (node, ...of) => {
      const before = silent.get(node.id);
      if (before === undefined || clock.now() - before.at > oldestMs) {
        return going.get(node.id) ?? begin(node, ...of);
      }
      const look = going.get(node.id) ?? begin(node, ...of);
      going.set(node.id, look);
      return (await within(look, clock)) ?? before.look;
    },
    close: async () => {
      cut.abort();
      await Promise.allSettled(going.values());
      await door.close?.();
    },
  };
}

/** Null: not so soon. */
async function within(look: Promise<NodeLook>, clock: Clock): Promise<NodeLook | null> {
  const awake = new AbortController();
  const late = clock.sleep(patienceMs, awake.signal).then(
    () => null,
    () => null,
  );
  // Of one that fails later nobody hears; the next look is another one.
  look.catch(() => undefined);
  try {
    return await Promise.race([look, late]);
  } finally {
    awake.abort();
  }
}
