import { devNull } from "node:os";

/** What programs need of the machine they run on, and what says nothing about AWS. */
const passedOn = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LANG", "SystemRoot"];

export interface StandIn {
  readonly endpoint: string;
  readonly region: string;
  /** True when somebody chose the endpoint: it may want his keys. */
  readonly given: boolean;
}

/**
 * The whole environment of a program that may reach a stand-in for AWS and nothing else: no profile, role, session,
 * endpoint of a single service or switch of the person who starts it, and no file that holds one.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function clientEnvironment(
  { endpoint, region, given }: StandIn,
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const machine = passedOn.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(machine),
    AWS_ENDPOINT_URL: endpoint,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...keysFor(given, environment),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

function keysFor(given: boolean, environment: NodeJS.ProcessEnv): Record<string, string> {
  const [id, secret] = [environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]];
  if (given && id !== undefined && secret !== undefined) {
    return { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
  }
  return { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
}

/** For a stand-in itself, and what it starts: nothing of AWS from the person who starts it. */
export function withoutAws(environment: NodeJS.ProcessEnv = process.env): Record<string, undefined> {
  const names = Object.keys(environment).filter((name) => /^AWS_/i.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
