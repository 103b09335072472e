import type { SettingsStanding } from "./contract/settings-standing.ts";
import type { Settings } from "./settings.ts";

/** The text of one version of the settings, as a person or a deployment has written it. */
export interface SettingsText {
  readonly text: string;
  readonly version: number;
  /** Epoch milliseconds, by Parameter Store's clock. */
  readonly modifiedAt: number;
}

/** Where people write the settings. Throws when it cannot be read. */
export interface SettingsParameter {
  read(signal?: AbortSignal): Promise<SettingsText>;
}

/** The last text that was good, kept where every function finds it. Throws when its store fails. */
export interface KeptSettings {
  read(): Promise<SettingsText | null>;
  /** Unless what is kept is as new or newer; true when written. */
  keep(text: SettingsText): Promise<boolean>;
}

export interface SettingsReading {
  readonly settings: Settings;
  readonly standing: SettingsStanding;
}

/** The settings in force. Never throws: whoever answers an incident at night can always go on. */
export interface SettingsSource {
  read(): Promise<Settings>;
  /** Together with whether they are what people have written last; for those who tell it, and for the gate. */
  readWithStanding(): Promise<SettingsReading>;
}

/** A parameter that was made anew counts its versions from 1 again, so that its time comes first. */
export function isNewer(
  a: Pick<SettingsText, "version" | "modifiedAt">,
  b: Pick<SettingsText, "version" | "modifiedAt">,
): boolean {
  return a.modifiedAt > b.modifiedAt || (a.modifiedAt === b.modifiedAt && a.version > b.version);
}
