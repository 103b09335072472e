import { App } from "aws-cdk-lib";
import { addChecks } from "../lib/checks.ts";
import { ResponderStack } from "../lib/responder-stack.ts";
import { config } from "../responder.config.ts";

const app = new App();
new ResponderStack(app, config.stackName, { config });
addChecks(app);
