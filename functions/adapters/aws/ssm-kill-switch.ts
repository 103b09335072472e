import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { ResponderError } from "../../core/errors.ts";
import type { KillSwitch, KillSwitchState } from "../../core/ports.ts";

/**
 * "off" permits actions; "engaged" or "engaged: why" stops them. Anything else throws, as does a parameter
 * that cannot be read: a switch that nobody understands is no permission. Never cached, so that it works at once.
 */
export function createSsmKillSwitch({
  client,
  parameter,
}: {
  readonly client: SSMClient;
  readonly parameter: string;
}): KillSwitch {
  return {
    read: async () => {
      try {
        const answer = await client.send(new GetParameterCommand({ Name: parameter }));
        return stateOf(answer.Parameter?.Value ?? "");
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new ResponderError(`kill switch ${parameter} cannot be read: ${why}`, { cause });
      }
    },
  };
}

function stateOf(value: string): KillSwitchState {
  const says = value.trim();
  if (says === "off") return { engaged: false, says };
  if (says === "engaged" || says.startsWith("engaged:")) return { engaged: true, says };
  throw new ResponderError('its value is neither "off" nor "engaged" nor "engaged: <why>"');
}
