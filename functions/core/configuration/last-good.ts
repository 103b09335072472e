import { messageOf, ResponderError } from "../errors.ts";
import type { Log } from "../ports.ts";
import type { Settings } from "../settings.ts";
import { isNewer, type KeptSettings, type SettingsText } from "../settings-ports.ts";
import { inTime } from "./in-time.ts";
import { parseSettingsText } from "./parse-settings.ts";

export interface Good {
  readonly settings: Settings;
  readonly text: SettingsText;
}

export interface LastGood {
  /** Settings that were just read and are good. */
  note(good: Good): Promise<void>;
  /** The newest good ones that this process or any other has seen; null when there are none, or none can be read. */
  newest(): Promise<Good | null>;
}

const patienceMs = 2000;
/** Twice of what Parameter Store takes: what is longer was not written by people, and does not go into the table. */
const mostCharacters = 16_384;

/** In this process and, for the cold ones, in a store. One that fails takes nothing from what was just read. */
export function createLastGood(kept: KeptSettings, log: Log): LastGood {
  let own: Good | null = null;
  let isKept = false;
  return {
    note: async (good) => {
      if (own !== null && isKept && !isNewer(good.text, own.text)) return;
      own = good;
      isKept = await keep(good.text, kept, log);
    },
    newest: async () => {
      const found = await read(kept, log);
      if (found !== null && (own === null || isNewer(found.text, own.text))) own = found;
      return own;
    },
  };
}

async function keep(text: SettingsText, kept: KeptSettings, log: Log): Promise<boolean> {
  try {
    if (text.text.length > mostCharacters)
      throw new ResponderError(`${text.text.length} characters are more than are kept`);
    const before = await inTime("the table", patienceMs, () => kept.read());
    if (before === null || isNewer(text, before))
      await inTime("the table", patienceMs, () => kept.keep(text));
    return true;
  } catch (error) {
    log.warn("settings.not-kept", { version: text.version, reason: messageOf(error) });
    return false;
  }
}

/** Parsed anew: what was good for another version of the responder may not be for this one. */
async function read(kept: KeptSettings, log: Log): Promise<Good | null> {
  try {
    const text = await inTime("the table", patienceMs, () => kept.read());
    if (text === null) return null;
    const parsed = parseSettingsText(text.text);
    if (parsed.kind === "valid") return { settings: parsed.settings, text };
    log.error("settings.kept-not-valid", { version: text.version, faults: parsed.faults });
  } catch (error) {
    log.error("settings.kept-not-read", { reason: messageOf(error) });
  }
  return null;
}
