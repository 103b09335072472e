import { gunzipSync } from "node:zlib";
import * as z from "zod";
import { type Evidence, evidenceSchema } from "../../../functions/core/contract/evidence.ts";
import { type Incident, incidentSchema } from "../../../functions/core/contract/incident.ts";
import { type AuditRecord, auditRecordSchema } from "../../../functions/core/contract/work-order.ts";
import type { AwsCalls } from "./aws-calls.ts";
import type { DeployedStack } from "./stack.ts";

/** What the responder has written, read by the account's owner: none of its functions may read all of it. */
export interface Records {
  incidentOf(database: string): Promise<Incident | null>;
  audit(incidentId: string): Promise<readonly AuditRecord[]>;
  evidence(evidenceId: string): Promise<Evidence>;
}

const itemsSchema = z.object({
  Items: z.array(z.object({ pk: z.object({ S: z.string() }), body: z.object({ S: z.string() }).optional() })),
});

export function recordsOf({ call }: AwsCalls, { table, bucket }: DeployedStack): Records {
  const scan = async <T>(skPrefix: string, schema: z.ZodType<T>): Promise<T[]> => {
    const parameters = {
      TableName: table,
      FilterExpression: "begins_with(pk, :pk) AND begins_with(sk, :sk)",
      ExpressionAttributeValues: { ":pk": { S: "INCIDENT#" }, ":sk": { S: skPrefix } },
      ConsistentRead: true,
    };
    const { Items } = await call({ service: "dynamodb", operation: "scan", parameters }, itemsSchema);
    return Items.map(({ body }) => schema.parse(JSON.parse(body?.S ?? "")));
  };
  return {
    incidentOf: async (database) => {
      const incidents = await scan("STATE", incidentSchema);
      return incidents.find(({ target }) => target.name === database) ?? null;
    },
    audit: async (incidentId) => {
      const all = await scan("AUDIT#", auditRecordSchema);
      return all.filter((record) => record.incidentId === incidentId);
    },
    evidence: async (evidenceId) => {
      const parameters = { Bucket: bucket, Key: `evidence/${evidenceId}.json.gz` };
      const object = await call(
        { service: "s3", operation: "get_object", parameters },
        z.object({ Body: z.base64() }),
      );
      return evidenceSchema.parse(
        JSON.parse(gunzipSync(Buffer.from(object.Body, "base64")).toString("utf8")),
      );
    },
  };
}
