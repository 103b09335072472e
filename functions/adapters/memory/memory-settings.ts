import * as z from "zod";
import { ResponderError } from "../../core/errors.ts";
import type { SettingsSource } from "../../core/ports.ts";
import { settingsSchema } from "../../core/settings.ts";

export interface MemorySettings extends SettingsSource {
  /** What the next read parses; anything, so that a test can write nonsense. */
  set(value: unknown): void;
  /** From now on reading fails with this; null ends it. */
  fail(reason: string | null): void;
}

/** Settings from a value; what is left out has its default. */
export function createMemorySettings(initial: unknown = {}): MemorySettings {
  let value = structuredClone(initial);
  let failure: string | null = null;
  return {
    set: (next) => {
      value = structuredClone(next);
    },
    fail: (reason) => {
      failure = reason;
    },
    read: async () => {
      if (failure !== null) throw new ResponderError(`settings cannot be read: ${failure}`);
      const parsed = settingsSchema.safeParse(value);
      if (parsed.success) return structuredClone(parsed.data);
      throw new ResponderError(`settings are not valid: ${z.prettifyError(parsed.error)}`, {
        cause: parsed.error,
      });
    },
  };
}
