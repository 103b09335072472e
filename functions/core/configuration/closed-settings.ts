import { type Settings, settingsSchema } from "../settings.ts";
import { jsonFault } from "./json-fault.ts";

const onlyObserve = { modes: { safe: "observe", disruptive: "observe", irreversible: "observe" } };

/**
 * When nothing good is known: everything is only observed. Of a text that is wrong, what is right by itself is used all
 * the same, the policy never: people are told in their own channel, and databases looked at by their own users.
 */
export function closedSettings(text: string | null): Settings {
  const written: unknown = text === null || jsonFault(text) !== null ? {} : JSON.parse(text);
  const usable = settingsSchema.safeParse({ ...rightGroups(written), policy: onlyObserve });
  return usable.success ? usable.data : settingsSchema.parse({ policy: onlyObserve });
}

function rightGroups(written: unknown): Record<string, unknown> {
  if (typeof written !== "object" || written === null) return {};
  const groups = new Map<string, unknown>(Object.entries(written));
  const right = Object.entries(settingsSchema.shape).flatMap(([name, group]) => {
    const parsed = groups.has(name) ? group.safeParse(groups.get(name)) : null;
    return parsed?.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(right);
}
