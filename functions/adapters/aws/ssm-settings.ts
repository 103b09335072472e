import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { messageOf, ResponderError } from "../../core/errors.ts";
import type { SettingsParameter } from "../../core/settings-ports.ts";

/** The settings in one parameter, as JSON. What they say, and what is used while they are wrong, is decided elsewhere. */
export function createSsmSettings({
  client,
  parameter,
}: {
  readonly client: SSMClient;
  readonly parameter: string;
}): SettingsParameter {
  return {
    read: async (abortSignal) => {
      try {
        const answer = await client.send(
          new GetParameterCommand({ Name: parameter, WithDecryption: true }),
          abortSignal === undefined ? {} : { abortSignal },
        );
        const { Value: text, Version: version, LastModifiedDate: modified } = answer.Parameter ?? {};
        if (text === undefined || version === undefined || modified === undefined)
          throw new ResponderError("it has no value");
        return { text, version, modifiedAt: modified.getTime() };
      } catch (cause) {
        throw new ResponderError(`settings ${parameter} cannot be read: ${messageOf(cause)}`, { cause });
      }
    },
  };
}
