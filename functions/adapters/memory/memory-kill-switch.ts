import { ResponderError } from "../../core/errors.ts";
import type { KillSwitch } from "../../core/ports.ts";

export interface MemoryKillSwitch extends KillSwitch {
  /** "off", "engaged", "engaged: why"; anything else makes reading throw. */
  set(value: string): void;
  /** From now on reading fails with this; null ends it. */
  fail(reason: string | null): void;
}

export function createMemoryKillSwitch(initial = "off"): MemoryKillSwitch {
  let value = initial;
  let failure: string | null = null;
  return {
    set: (next) => {
      value = next;
    },
    fail: (reason) => {
      failure = reason;
    },
    read: async () => {
      if (failure !== null) throw new ResponderError(`kill switch cannot be read: ${failure}`);
      const says = value.trim();
      if (says === "off") return { engaged: false, says };
      if (says === "engaged" || says.startsWith("engaged:")) return { engaged: true, says };
      throw new ResponderError('kill switch is neither "off" nor "engaged" nor "engaged: <why>"');
    },
  };
}
