import type { Incident } from "../contract/incident.ts";
import type { SettingsStanding } from "../contract/settings-standing.ts";
import { told } from "./told.ts";

interface Looked {
  readonly at: string;
  readonly cycle: number;
  readonly settingsStanding?: SettingsStanding;
}

/** An entry of the timeline is cut at 700 characters, and every wrong field is to be read. */
const longestNote = 600;

/**
 * Tells once for each version of the settings that it is wrong, and where; and once when they are right again. What an
 * older reading of another process says is no news.
 */
export function withSettingsStanding(incident: Incident, { at, cycle, settingsStanding }: Looked): Incident {
  if (settingsStanding === undefined) return incident;
  const before = incident.settingsTold ?? { state: "right", modifiedAt: 0 };
  const note = (next: Incident, key: string, says: string): Incident =>
    told(next, { key, at, kind: "note", says });
  switch (settingsStanding.kind) {
    case "waiting":
      return incident;
    case "in-force": {
      const { version, modifiedAt } = settingsStanding;
      const isOlder =
        before.state === "invalid" ? modifiedAt <= before.modifiedAt : modifiedAt < before.modifiedAt;
      if (before.state === "right" || isOlder) return incident;
      const right: Incident = { ...incident, settingsTold: { state: "right", modifiedAt } };
      return note(
        right,
        `settings-right#${cycle}`,
        `The settings are right again: version ${version} is in force.`,
      );
    }
    case "invalid": {
      const { modifiedAt } = settingsStanding;
      const isNews =
        modifiedAt > before.modifiedAt || (before.state === "unreadable" && modifiedAt === before.modifiedAt);
      if (!isNews) return incident;
      const wrong: Incident = { ...incident, settingsTold: { state: "invalid", modifiedAt } };
      return notesOf(settingsStanding).reduce(
        (next, says, index) => note(next, `settings-invalid#${modifiedAt}#${index}`, says),
        wrong,
      );
    }
    case "unreadable": {
      // Where people know that the newest are wrong, this adds nothing: the same ones stand in for them.
      if (before.state !== "right" || settingsStanding.maybePassing === true) return incident;
      const unread: Incident = { ...incident, settingsTold: { ...before, state: "unreadable" } };
      const says = `The settings cannot be read (${settingsStanding.reason}). ${meanwhile(settingsStanding.instead)}`;
      return note(unread, `settings-unreadable#${cycle}`, says);
    }
    default:
      return settingsStanding satisfies never;
  }
}

/** What is wrong, in as many notes as it takes, and in the last one what holds meanwhile. */
function notesOf({ version, faults, instead }: Extract<SettingsStanding, { kind: "invalid" }>): string[] {
  const lines: string[] = [];
  for (const fault of faults) {
    const last = lines.at(-1);
    if (last === undefined || last.length + fault.length > longestNote - 200) lines.push(fault);
    else lines[lines.length - 1] = `${last}; ${fault}`;
  }
  return lines.map((line, index) => {
    const after = index === lines.length - 1 ? ` ${meanwhile(instead)}` : "";
    const end = line.endsWith("?") ? "" : ".";
    return `Version ${version} of the settings is not valid and is not used. ${line}${end}${after}`;
  });
}

function meanwhile(instead: number | null): string {
  return instead === null
    ? "None that are good are known: everything is only observed until then."
    : `Version ${instead} goes on, and nothing is done without a click until then.`;
}
