import type { SettingsStanding } from "../contract/settings-standing.ts";
import { messageOf } from "../errors.ts";
import type { Clock, Log } from "../ports.ts";
import type { KeptSettings, SettingsParameter, SettingsReading, SettingsSource } from "../settings-ports.ts";
import { closedSettings } from "./closed-settings.ts";
import { freshFor } from "./fresh-for.ts";
import { inTime } from "./in-time.ts";
import { createLastGood, type LastGood } from "./last-good.ts";
import { parseSettingsText } from "./parse-settings.ts";

export interface SteadySettingsDeps {
  readonly parameter: SettingsParameter;
  readonly kept: KeptSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a reading, good or bad, stands before the parameter is read again. */
  readonly freshMs?: number;
  /** How long the parameter is waited for: a person waits behind every reading. */
  readonly patienceMs?: number;
}

/** So long nobody is told of a Parameter Store that does not answer. */
const waitingMs = 600_000;
/** A process that had no answer yet asks again soon: it may have met one call that was throttled. */
const retryMs = 5000;

/**
 * Settings that a slip of the pen cannot take away. While the newest text is wrong, or could not be read for ten minutes,
 * the last good one goes on, also in a process that never saw it; when none is known, everything is only observed. The
 * standing says so each time, and the gate lets nothing be done without a person meanwhile.
 */
export function createSteadySettings(deps: SteadySettingsDeps): SettingsSource {
  const { clock, log, freshMs = 30_000 } = deps;
  const lastGood = createLastGood(deps.kept, log);
  const startedAt = clock.now();
  let answered: { readonly reading: SettingsReading; readonly at: number } | null = null;
  const freshMsOf = ({ standing }: SettingsReading): number =>
    isMaybePassing(standing) ? Math.min(freshMs, retryMs) : freshMs;
  const latest = freshFor(freshMsOf, clock, async () => {
    try {
      const reading = await fromParameter(lastGood, deps);
      answered = { reading, at: clock.now() };
      return told(reading, log);
    } catch (error) {
      const reason = messageOf(error).slice(0, 200);
      log.warn("settings.not-read", { reason });
      // What was wrong stays wrong; what was right is trusted for a while.
      if (answered?.reading.standing.kind === "invalid") return told(answered.reading, log);
      if (answered !== null && clock.now() - answered.at <= waitingMs)
        return { ...answered.reading, standing: { kind: "waiting" as const } };
      const isNew = answered === null && clock.now() - startedAt <= waitingMs;
      const reading = await standIn(lastGood, null, (instead) => ({
        ...{ kind: "unreadable", reason, instead },
        // Without any that are good, people have to know at once that nothing is done.
        ...(isNew && instead !== null ? { maybePassing: true } : {}),
      }));
      return told(reading, log);
    }
  });
  // A copy for each: who changes what he was handed changes nobody else's policy.
  return {
    read: async () => structuredClone((await latest()).settings),
    readWithStanding: async () => structuredClone(await latest()),
  };
}

async function fromParameter(
  lastGood: LastGood,
  { parameter, patienceMs = 4000 }: SteadySettingsDeps,
): Promise<SettingsReading> {
  const text = await inTime("Parameter Store", patienceMs, (deadline) => parameter.read(deadline));
  const { version, modifiedAt } = text;
  const parsed = parseSettingsText(text.text);
  switch (parsed.kind) {
    case "valid":
      await lastGood.note({ settings: parsed.settings, text });
      return { settings: parsed.settings, standing: { kind: "in-force", version, modifiedAt } };
    case "invalid": {
      const faults = [...parsed.faults];
      return standIn(lastGood, text.text, (instead) => ({
        ...{ kind: "invalid", version, modifiedAt, faults, instead },
      }));
    }
    default:
      return parsed satisfies never;
  }
}

async function standIn(
  lastGood: LastGood,
  wrong: string | null,
  standing: (instead: number | null) => SettingsStanding,
): Promise<SettingsReading> {
  const good = await lastGood.newest();
  return good === null
    ? { settings: closedSettings(wrong), standing: standing(null) }
    : { settings: good.settings, standing: standing(good.text.version) };
}

function isMaybePassing(standing: SettingsStanding): boolean {
  return standing.kind === "unreadable" && standing.maybePassing === true;
}

/** At every reading: an alarm watches the count, and goes back by itself when they are right. */
function told(reading: SettingsReading, log: Log): SettingsReading {
  const { standing } = reading;
  if (standing.kind !== "invalid" && standing.kind !== "unreadable") return reading;
  if (isMaybePassing(standing)) return reading;
  log.error(`settings.${standing.kind}`, { ...standing });
  log.metric("SettingsInvalid", 1, "Count", { code: standing.kind });
  return reading;
}
