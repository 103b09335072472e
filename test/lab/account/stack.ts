import * as z from "zod";
import type { AwsCalls } from "./aws-calls.ts";

/** What was deployed, found by type: nothing here depends on how functions are cut or called. */
export interface DeployedStack {
  readonly functions: readonly DeployedFunction[];
  readonly table: string;
  readonly bucket: string;
  readonly machineArn: string;
}

export interface DeployedFunction {
  readonly logicalId: string;
  readonly name: string;
  readonly roleArn: string;
}

const resourcesSchema = z.object({
  StackResources: z.array(
    z.object({ LogicalResourceId: z.string(), PhysicalResourceId: z.string(), ResourceType: z.string() }),
  ),
});

export async function describeStack({ call }: AwsCalls, stackName: string): Promise<DeployedStack> {
  const parameters = { StackName: stackName };
  const described = { service: "cloudformation", operation: "describe_stack_resources", parameters };
  const { StackResources } = await call(described, resourcesSchema);
  const of = (type: string) => StackResources.filter(({ ResourceType }) => ResourceType === type);
  const one = (type: string): string => of(type)[0]?.PhysicalResourceId ?? "";
  const functions = of("AWS::Lambda::Function").map(async ({ LogicalResourceId, PhysicalResourceId }) => {
    const asked = {
      service: "lambda",
      operation: "get_function_configuration",
      parameters: { FunctionName: PhysicalResourceId },
    };
    const { Role } = await call(asked, z.object({ Role: z.string() }));
    return { logicalId: LogicalResourceId, name: PhysicalResourceId, roleArn: Role };
  });
  return {
    functions: await Promise.all(functions),
    table: one("AWS::DynamoDB::GlobalTable"),
    bucket: one("AWS::S3::Bucket"),
    machineArn: one("AWS::StepFunctions::StateMachine"),
  };
}
