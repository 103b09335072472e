import { Peer, Port, SecurityGroup, Vpc } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { accept } from "./accept-finding.ts";
import type { NetworkConfig } from "./deploy-config.ts";
import type { Placement } from "./node-function.ts";

/** The place inside the VPC from which databases are looked at: out to their ports, and nowhere else. */
export class Network extends Construct {
  readonly placement: Placement;

  constructor(scope: Construct, id: string, config: NetworkConfig) {
    super(scope, id);
    const vpc = Vpc.fromVpcAttributes(this, "Vpc", {
      vpcId: config.vpcId,
      availabilityZones: [...config.availabilityZones],
      privateSubnetIds: [...config.privateSubnetIds],
    });
    accept(vpc, "Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId", "Nothing here adds a route.");
    const group = new SecurityGroup(this, "Responder", {
      vpc,
      description: "rds-responder: to the databases only",
      allowAllOutbound: false,
    });
    const reach = (target: string, securityGroupId: string, port: Port, what: string) => {
      group.addEgressRule(Peer.securityGroupId(securityGroupId), port, what);
      SecurityGroup.fromSecurityGroupId(this, target, securityGroupId).addIngressRule(
        group,
        port,
        "rds-responder",
      );
    };
    for (const [index, { securityGroupId, port }] of config.databases.entries()) {
      reach(`Database${index}`, securityGroupId, Port.tcp(port), "to a database");
    }
    const endpoint = config.secretsEndpointSecurityGroupId;
    if (endpoint !== null) reach("Secrets", endpoint, Port.tcp(443), "to Secrets Manager");
    for (const [index, cidr] of config.nameServers.entries()) {
      for (const port of [Port.udp(53), Port.tcp(53)])
        group.addEgressRule(Peer.ipv4(cidr), port, `to name server ${index}`);
    }
    this.placement = { vpc, vpcSubnets: { subnets: vpc.privateSubnets }, securityGroups: [group] };
  }
}
