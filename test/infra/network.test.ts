import { describe, expect, it } from "vitest";
import { synthesize, testConfig } from "../support/synth.ts";

const { template, handlers } = synthesize({ bundle: false });
const functions = Object.entries(template.findResources("AWS::Lambda::Function"));

describe("functions inside the VPC", () => {
  it("Q4 are those that probe and act, and no other", () => {
    const inside = functions.filter(([, fn]) => fn["Properties"].VpcConfig !== undefined);
    expect(inside.map(([id]) => handlers.get(id)).sort()).toEqual([
      "act-mysql",
      "act-postgres",
      "probe-mysql",
      "probe-postgres",
    ]);
    for (const [, fn] of inside) {
      expect(fn["Properties"].VpcConfig.SubnetIds).toEqual(["subnet-11111111", "subnet-22222222"]);
    }
  });

  it("Q4 reach the databases on their ports and nothing else", () => {
    const of = (rules: readonly Record<string, unknown>[], group: string) =>
      rules.map((rule) => [rule[group], rule["FromPort"], rule["ToPort"], rule["IpProtocol"]]).sort();
    const properties = (type: string) =>
      Object.values(template.findResources(type)).map((resource) => resource["Properties"]);
    const databases = [
      ["sg-11111111", 5432, 5432, "tcp"],
      ["sg-22222222", 3306, 3306, "tcp"],
    ];
    const [group, ...others] = properties("AWS::EC2::SecurityGroup");
    expect(others).toEqual([]);
    expect(group).not.toHaveProperty("SecurityGroupIngress");
    expect(of(group?.SecurityGroupEgress, "DestinationSecurityGroupId")).toEqual(databases);
    expect(properties("AWS::EC2::SecurityGroupEgress")).toEqual([]);
    expect(of(properties("AWS::EC2::SecurityGroupIngress"), "GroupId")).toEqual(databases);
  });

  it("Q2 cannot become a connection storm of their own", () => {
    const limits = functions
      .filter(([, fn]) => fn["Properties"].VpcConfig !== undefined)
      .map(([, fn]) => fn["Properties"].ReservedConcurrentExecutions);
    expect(limits.every((limit) => limit <= 10)).toBe(true);
  });

  it("Q2 ask the name servers that a VPC has of its own, and no others", () => {
    const network = { ...testConfig.network, nameServers: ["10.0.0.2/32"] };
    const own = synthesize({ bundle: false, config: { ...testConfig, network } }).template;
    const [group] = Object.values(own.findResources("AWS::EC2::SecurityGroup"));
    const rules: { CidrIp?: string; FromPort: number; IpProtocol: string }[] =
      group?.["Properties"].SecurityGroupEgress;
    expect(
      rules.filter(({ CidrIp }) => CidrIp === "10.0.0.2/32").map((rule) => [rule.FromPort, rule.IpProtocol]),
    ).toEqual([
      [53, "udp"],
      [53, "tcp"],
    ]);
  });

  it("P0 trust the certificate authorities of RDS, as every function does", () => {
    for (const [, fn] of functions) {
      expect(fn["Properties"].Environment.Variables.NODE_EXTRA_CA_CERTS).toBe("/var/runtime/ca-cert.pem");
    }
  });

  it("Q4 know no store, no machine and no secret by name", () => {
    for (const [id, fn] of functions) {
      if (fn["Properties"].VpcConfig === undefined) continue;
      expect([handlers.get(id), Object.keys(fn["Properties"].Environment.Variables)]).toEqual([
        handlers.get(id),
        ["NODE_EXTRA_CA_CERTS"],
      ]);
    }
  });
});

describe("every function", () => {
  it("Q5 runs Node 24 on ARM with tracing, and has a time-out of its own", () => {
    for (const [, fn] of functions) {
      expect(fn["Properties"]).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        TracingConfig: { Mode: "Active" },
        Timeout: expect.any(Number),
      });
    }
  });

  it("Q6 names no account and no Region", () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(
      /\b\d{12}\b|\b(eu|us|ap|sa|ca|me|af|il)-[a-z]+-\d\b/,
    );
  });
});
