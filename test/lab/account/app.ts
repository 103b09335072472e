import { readFileSync } from "node:fs";
import { App } from "aws-cdk-lib";
import type { DeployConfig } from "../../../lib/deploy-config.ts";
import { ResponderStack } from "../../../lib/responder-stack.ts";

/**
 * The CDK app of a deployment that is tried out: the same stack with the values of an account that was made a moment
 * ago, which come in the file that LAB_DEPLOY_CONFIG names. They are checked where those of responder.config.ts are.
 */
const config: DeployConfig = JSON.parse(readFileSync(process.env["LAB_DEPLOY_CONFIG"] ?? "", "utf8"));
new ResponderStack(new App({ builtinCloudFormationValidation: false }), config.stackName, { config });
