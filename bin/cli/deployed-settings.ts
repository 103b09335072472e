import { parseSettingsText } from "../../functions/core/configuration/parse-settings.ts";
import { messageOf } from "../../functions/core/errors.ts";
import { defaultSettings, type Settings } from "../../functions/core/settings.ts";

/** Where a deployment of the name that the README gives keeps them. */
export const settingsParameter = "/rds-responder/settings";

export interface KnownSettings {
  readonly settings: Settings;
  /** Why these are not what the deployment goes by; null: they are. */
  readonly unknown: string | null;
}

/**
 * What the deployment goes by, so that what is done by hand is held back by the same. Read with the credentials of whoever
 * asks, who may have no right to.
 */
export async function deployedSettings(region: string, parameter: string): Promise<KnownSettings> {
  const { createSsmClient } = await import("../../functions/adapters/aws/clients.ts");
  const { createSsmSettings } = await import("../../functions/adapters/aws/ssm-settings.ts");
  try {
    const { text } = await createSsmSettings({ client: createSsmClient({ region }), parameter }).read();
    const parsed = parseSettingsText(text);
    return parsed.kind === "valid"
      ? { settings: parsed.settings, unknown: null }
      : notKnown(`settings ${parameter} are wrong: ${parsed.faults.join("; ")}`);
  } catch (error) {
    return notKnown(messageOf(error));
  }
}

function notKnown(reason: string): KnownSettings {
  return { settings: defaultSettings, unknown: reason };
}

/** What a person has to know before agreeing; the defaults hold in its place. */
export function unknownText({ unknown }: KnownSettings): string | null {
  return unknown === null
    ? null
    : `The deployment's own limits are not known here (${unknown}): its modes, policy.maxInstanceClass, policy.maxLostWorkSeconds, who and what is protected, and its prices. The defaults hold, which limit no class.`;
}
