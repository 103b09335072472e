import { createSteadySettings } from "../../core/configuration/steady-settings.ts";
import { ResponderError } from "../../core/errors.ts";
import type { Clock, Log } from "../../core/ports.ts";
import {
  isNewer,
  type KeptSettings,
  type SettingsParameter,
  type SettingsSource,
  type SettingsText,
} from "../../core/settings-ports.ts";
import { createCollectingLog } from "./collecting-log.ts";
import { createVirtualClock } from "./virtual-clock.ts";

export interface MemoryParameter extends SettingsParameter {
  /** A new version; anything, so that a test can write nonsense. */
  write(text: string): void;
  /** From now on reading fails with this; null ends it. */
  fail(reason: string | null): void;
}

/** With the text of its first version; null: there is no such parameter yet. */
export function createMemoryParameter(initial: string | null): MemoryParameter {
  let current: SettingsText | null = null;
  let failure: string | null = null;
  const write = (text: string): void => {
    const version = (current?.version ?? 0) + 1;
    current = { text, version, modifiedAt: version };
  };
  if (initial !== null) write(initial);
  return {
    write,
    fail: (reason) => {
      failure = reason;
    },
    read: async () => {
      if (failure !== null) throw new ResponderError(`settings cannot be read: ${failure}`);
      if (current === null) throw new ResponderError("settings cannot be read: there are none");
      return current;
    },
  };
}

export function createMemoryKeptSettings(): KeptSettings {
  let kept: SettingsText | null = null;
  return {
    read: async () => kept,
    keep: async (text) => {
      if (kept !== null && !isNewer(text, kept)) return false;
      kept = text;
      return true;
    },
  };
}

export interface MemorySettings extends SettingsSource {
  set(value: unknown): void;
  write(text: string): void;
  fail(reason: string | null): void;
  /** The same settings, read by a process that has just started. */
  cold(): SettingsSource;
}

/** Settings from a value, read anew each time; what is left out has its default. */
export function createMemorySettings(
  initial: unknown = {},
  { clock = createVirtualClock(), log = createCollectingLog() }: { clock?: Clock; log?: Log } = {},
): MemorySettings {
  const parameter = createMemoryParameter(JSON.stringify(initial));
  const kept = createMemoryKeptSettings();
  const cold = () => createSteadySettings({ parameter, kept, clock, log, freshMs: 0 });
  return {
    ...cold(),
    cold,
    set: (value) => parameter.write(JSON.stringify(value)),
    write: parameter.write,
    fail: parameter.fail,
  };
}
