import type { SettingsStanding } from "../contract/settings-standing.ts";
import type { Refusal } from "../contract/work-order.ts";
import { list } from "../text/wording.ts";

const whoMends = "Whoever wrote them puts them right in Parameter Store; they are in force within a minute.";
const whoRestores = "Lifts by itself as soon as Parameter Store can be read again.";
const untilThen = "Until then an approver decides.";

/** No settings are known that are good: not even the people who might be asked are. */
export function noSettingsRefusal(standing: SettingsStanding): Refusal | null {
  switch (standing.kind) {
    case "in-force":
    case "waiting":
      return null;
    case "invalid":
      return standing.instead === null
        ? refuse("no-settings", `${notValid(standing)}, and no earlier version is known.`, whoMends)
        : null;
    case "unreadable":
      return standing.instead === null
        ? refuse("no-settings", `The settings cannot be read, and none were kept.`, whoRestores)
        : null;
    default:
      return standing satisfies never;
  }
}

/**
 * Why what policy allows unasked is asked about: somebody has just changed the policy and it is not known to what, or it
 * has not been seen for long. The last good one goes on, but nothing by itself.
 */
export function unsettledRefusal(standing: SettingsStanding): Refusal | null {
  switch (standing.kind) {
    case "in-force":
    case "waiting":
      return null;
    case "invalid":
      return refuse(
        "settings-invalid",
        `${notValid(standing)}: what its writer wants is not known, so nothing is done by itself.`,
        `${whoMends} ${untilThen}`,
      );
    case "unreadable":
      return refuse(
        "settings-unreadable",
        "The settings cannot be read: whether they are still the same is not known, so nothing is done by itself.",
        `${whoRestores} ${untilThen}`,
      );
    default:
      return standing satisfies never;
  }
}

function notValid({ version, faults }: Extract<SettingsStanding, { kind: "invalid" }>): string {
  return `Version ${version} of the settings is not valid (${list(faults.slice(0, 3))})`;
}

function refuse(guard: string, reason: string, release: string): Refusal {
  return { guard, reason, release };
}
