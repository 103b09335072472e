import type { FailoverPorts } from "../../functions/core/failover/ports.ts";
import type { Killed } from "./failover-lab.ts";

/** Counts everything that changes something, and kills the function before or after the call with that number. */
export function killAt(at: number, when: "before" | "after") {
  let calls = 0;
  const around = (ports: FailoverPorts, killed: Killed): FailoverPorts => {
    const passing = async <T>(call: () => Promise<T>): Promise<T> => {
      calls += 1;
      if (calls !== at) return call();
      if (when === "after") await call();
      return killed.strike();
    };
    const { controlPlane, door, names, lock, voice, runs } = ports;
    return {
      controlPlane: {
        ...controlPlane,
        promoteReplica: (...of) => passing(() => controlPlane.promoteReplica(...of)),
        setSecurityGroups: (...of) => passing(() => controlPlane.setSecurityGroups(...of)),
        restart: (...of) => passing(() => controlPlane.restart(...of)),
        createReplica: (...of) => passing(() => controlPlane.createReplica(...of)),
        tag: (...of) => passing(() => controlPlane.tag(...of)),
      },
      door: {
        ...door,
        fence: (...of) => passing(() => door.fence(...of)),
        unfence: (...of) => passing(() => door.unfence(...of)),
      },
      names: { ...names, point: (...of) => passing(() => names.point(...of)) },
      lock: {
        ...lock,
        take: (...of) => passing(() => lock.take(...of)),
        release: (...of) => passing(() => lock.release(...of)),
      },
      voice: { ...voice, announce: (...of) => passing(() => voice.announce(...of)) },
      runs: { ...runs, save: (...of) => passing(() => runs.save(...of)) },
    };
  };
  return { calls: () => calls, around };
}
