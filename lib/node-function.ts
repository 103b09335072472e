import { type Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { accept } from "./accept-finding.ts";
import { handlerCode } from "./handler-code.ts";

export interface Placement {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
}

export interface ResponderFunctionProps {
  /** Name of the file in functions/handlers. */
  readonly handler: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  readonly memorySize?: number;
  /** Inside the VPC: reaches the databases and nothing else. */
  readonly placement?: Placement;
  readonly reservedConcurrentExecutions?: number;
}

/** One Lambda with a role of its own: runtime, architecture and logging are decided here, once. */
export class ResponderFunction extends LambdaFunction {
  /** Name of the file in functions/handlers. */
  readonly handlerName: string;

  constructor(scope: Construct, id: string, props: ResponderFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `rds-responder: ${props.description}`,
    });
    logGroup.grantWrite(role);
    if (props.placement !== undefined) grantNetworkInterfaces(role);
    const { reservedConcurrentExecutions } = props;
    super(scope, id, {
      code: handlerCode(scope, props.handler),
      handler: "index.handler",
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? 512,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      role,
      logGroup,
      // Lambda's own copy of the RDS certificate authorities; read when the process starts (facts/aws.md §6).
      environment: { ...props.environment, NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" },
      ...(props.placement ?? {}),
      ...(reservedConcurrentExecutions === undefined ? {} : { reservedConcurrentExecutions }),
    });
    this.handlerName = props.handler;
    accept(role, "AwsSolutions-IAM5[Resource::*]", "X-Ray's PutTraceSegments takes no resource.");
  }
}

/**
 * What Lambda needs to put a function into a VPC, without the log permissions on everything that the managed
 * policy AWSLambdaVPCAccessExecutionRole brings along. Lambda refuses to create the function with less.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function grantNetworkInterfaces(role: Role): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ],
      resources: ["*"],
    }),
  );
  accept(role, "AwsSolutions-IAM5[Resource::*]", "Lambda checks for exactly these calls on every resource.");
}
