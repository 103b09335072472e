/** Adapters, and the largest schemas, to bundle as the handlers are, whose tests then tell whether the bundler has left out too much. */
export { createDynamoDbClient } from "../../functions/adapters/aws/clients.ts";
export { createDynamoIncidentStore } from "../../functions/adapters/aws/dynamo-incident-store.ts";
export { createRoute53Client } from "../../functions/adapters/aws/failover/route53-record.ts";
export { createS3EvidenceStore } from "../../functions/adapters/aws/s3-evidence-store.ts";
export { createSlackChat } from "../../functions/adapters/slack/slack-chat.ts";
export { incidentSchema } from "../../functions/core/contract/incident.ts";
export { settingsSchema } from "../../functions/core/settings.ts";
