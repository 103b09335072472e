import { DescribeParametersCommand, GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { AwsError } from "../../../core/errors.ts";
import { during } from "../attempt.ts";
import { hostIn, withAddress } from "./name-value.ts";
import { addressOf, type NameKind, type NamesOptions } from "./names-reach.ts";

/** The host in a parameter: bare, with a port, in a URL, in JSON. What encrypts it stays: without a key it would be another. */
export function parameterHost(name: string, options: NamesOptions): NameKind {
  const { ssm } = options;
  const current = async (signal: AbortSignal | undefined) => {
    const command = new GetParameterCommand({ Name: name, WithDecryption: true });
    const { Parameter: found } = await ssm.send(command, during(signal));
    return { text: found?.Value ?? "", type: found?.Type };
  };
  const keyOf = async (signal: AbortSignal | undefined) => {
    const filters = { ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [name] }] };
    const { Parameters: all = [] } = await ssm.send(new DescribeParametersCommand(filters), during(signal));
    return all[0]?.KeyId;
  };
  return {
    read: async (_, signal) => {
      const host = hostIn((await current(signal)).text);
      return { stands: host === null ? null : { host }, ttlSeconds: null };
    },
    point: async (to, signal) => {
      const [{ text, type }, address] = await Promise.all([current(signal), addressOf(to, options, signal)]);
      const changed = withAddress(text, address);
      if (changed === null) throw new AwsError("NoHost", true, `the value of ${name} holds no host`);
      if (changed === text) return;
      const key = type === "SecureString" ? await keyOf(signal) : undefined;
      const command = new PutParameterCommand({
        ...{ Name: name, Value: changed, Overwrite: true },
        ...(type === undefined ? {} : { Type: type }),
        ...(key === undefined ? {} : { KeyId: key }),
      });
      await ssm.send(command, during(signal));
    },
  };
}
