import { describe, expect, it } from "vitest";
import { clientEnvironment, withoutAws } from "../lab/endpoint/client-environment.ts";
import { givenEndpoint } from "../lab/endpoint/given-endpoint.ts";
import { giveCredentials } from "../lab/endpoint/moto.ts";

/** Of somebody who works with a real account all day. */
const busy = {
  PATH: "/usr/bin",
  HOME: "/home/dana",
  AWS_PROFILE: "production",
  AWS_ACCESS_KEY_ID: "AKIAREAL",
  AWS_SECRET_ACCESS_KEY: "real",
  AWS_SESSION_TOKEN: "real",
  AWS_REGION: "eu-west-1",
  AWS_ENDPOINT_URL_DYNAMODB: "https://dynamodb.eu-west-1.amazonaws.com",
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
  AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
  AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/admin",
  CDK_DEFAULT_ACCOUNT: "123456789012",
  HTTPS_PROXY: "http://proxy",
};
const endpoint = "http://127.0.0.1:4566";

describe("a program that talks to a stand-in for AWS", () => {
  it("L3 is told nothing of the account of the person who starts it", () => {
    const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, ...rest } = clientEnvironment(
      { endpoint, region: "eu-central-1", given: false },
      busy,
    );
    expect(rest).toEqual({
      PATH: "/usr/bin",
      HOME: "/home/dana",
      AWS_ENDPOINT_URL: endpoint,
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
      AWS_REGION: "eu-central-1",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    expect([AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE]).not.toContain(undefined);
  });

  it("L3 uses somebody's own keys on the endpoint that he chose, and only there", () => {
    const keys = { AWS_ACCESS_KEY_ID: "AKIAREAL", AWS_SECRET_ACCESS_KEY: "real" };
    const standIn = { endpoint, region: "eu-west-1" };
    expect(clientEnvironment({ ...standIn, given: true }, busy)).toMatchObject(keys);
    const suite: NodeJS.ProcessEnv = { ...busy };
    giveCredentials(suite);
    expect(suite).toMatchObject({ AWS_ACCESS_KEY_ID: "stand-in", AWS_SECRET_ACCESS_KEY: "stand-in" });
    expect(Object.keys(suite)).not.toContain("AWS_PROFILE");
    expect(Object.keys(suite)).not.toContain("AWS_SESSION_TOKEN");
    const chosen: NodeJS.ProcessEnv = { ...busy, AWS_ENDPOINT_URL: endpoint };
    giveCredentials(chosen);
    expect(chosen).toMatchObject(keys);
  });

  it("L3 the stand-in itself starts without them", () => {
    const names = Object.entries({ ...busy, ...withoutAws(busy) }).filter(([, value]) => value !== undefined);
    expect(names.map(([name]) => name)).toEqual(["PATH", "HOME", "CDK_DEFAULT_ACCOUNT", "HTTPS_PROXY"]);
  });
});

describe("an endpoint that somebody chose", () => {
  const given = (url: string, more = {}) => givenEndpoint({ AWS_ENDPOINT_URL: url, ...more });

  it.each(["http://127.0.0.1:4566", "http://localhost:4566", "http://[::1]:4566", "http://127.1.2.3"])(
    "L3 is taken on this machine: %s",
    (url) => expect(given(url)).toBe(url),
  );

  it.each([
    "https://sts.eu-west-1.amazonaws.com",
    "http://localhost.attacker.example:4566",
    "http://127.0.0.1.example",
    "http://127.0.0.1@aws.example",
    "localhost:4566",
  ])("L3 is refused elsewhere, unless it may be changed as a test likes: %s", (url) => {
    expect(() => given(url)).toThrow("is not on this machine");
    expect(given(url, { RDS_LAB_REMOTE_ENDPOINT: "yes" })).toBe(url);
  });

  it("L3 is nobody's when the variable is empty", () => {
    expect([given(""), givenEndpoint({})]).toEqual([null, null]);
  });
});
