import { settingsOf } from "../../facts/settings-facts.ts";
import type { View } from "../../facts/view.ts";
import { list } from "../../text/wording.ts";

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** Which way it is a remedy: what somebody has taken as far meanwhile is left; "neither": what somebody has chosen. */
  readonly towards?: "higher" | "lower" | "neither";
}

export interface SeenSetting extends Setting {
  /** What the database had; absent: that was not seen. */
  readonly seen?: string;
}

/** By the probe of the settings: of a default group RDS tells formulas, and of others what nobody has set it does not tell. */
export function withSeen(view: View, settings: readonly Setting[]): readonly SeenSetting[] {
  const known = settingsOf(view);
  return settings.map(({ name, value, towards }) => {
    const seen = known?.serverWide(name) ?? null;
    return {
      ...{ name, value },
      ...(towards === undefined ? {} : { towards }),
      ...(seen === null ? {} : { seen }),
    };
  });
}

export function settingsText(settings: readonly SeenSetting[]): string {
  return list(
    settings.map(
      ({ name, value, seen }) => `${name} ${seen === undefined ? "" : `from ${seen} `}to ${value}`,
    ),
  );
}

/** Said to whoever clicks: the check reads it. */
export function unseenText(settings: readonly SeenSetting[]): string {
  const unseen = settings.filter(({ seen }) => seen === undefined).map(({ name }) => name);
  return unseen.length === 0
    ? ""
    : ` What ${list(unseen)} ${unseen.length === 1 ? "is" : "are"} set to was not seen: it is read just before, and told.`;
}
