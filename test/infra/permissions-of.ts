import * as z from "zod";
import type { Synthesized } from "../support/synth.ts";

export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: unknown;
}

const oneOrMore = <T extends z.ZodType>(schema: T) =>
  z.union([schema, z.array(schema)]).transform((value) => (Array.isArray(value) ? value : [value]));
const policySchema = z.object({
  Properties: z.object({
    Roles: z.array(z.object({ Ref: z.string() })),
    PolicyDocument: z.object({
      Statement: z.array(
        z.object({
          Effect: z.literal("Allow"),
          Action: oneOrMore(z.string()),
          Resource: oneOrMore(z.unknown()),
          Condition: z.unknown().optional(),
        }),
      ),
    }),
  }),
});
const functionSchema = z.object({
  Properties: z.object({ Role: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }) }),
});

/** Role of every handler's function, by logical id. */
export function roleOf({ template, handlers }: Synthesized, handler: string): string {
  const functions = template.findResources("AWS::Lambda::Function");
  const id = [...handlers].find(([, name]) => name === handler)?.[0] ?? "";
  return functionSchema.parse(functions[id]).Properties.Role["Fn::GetAtt"][0];
}

/** Everything that a role is allowed by policies of the stack, whichever of them it stands in. */
export function statementsOf({ template }: Synthesized, role: string): readonly Statement[] {
  return Object.values(template.findResources("AWS::IAM::Policy"))
    .map((policy) => policySchema.parse(policy).Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map(({ Action, Resource, Condition }) => ({
      actions: Action,
      resources: Resource.map(flat),
      ...(Condition === undefined ? {} : { condition: Condition }),
    }));
}

/** What a handler's function may do, as "action" on its resources; logs and traces left out. */
export function permissionsOf(synthesized: Synthesized, handler: string): Readonly<Record<string, string>> {
  const everybodys = [
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
  ];
  const allowed = new Map<string, string[]>();
  for (const { actions, resources } of statementsOf(synthesized, roleOf(synthesized, handler))) {
    for (const action of actions.filter((one) => !everybodys.includes(one)))
      allowed.set(action, [...(allowed.get(action) ?? []), ...resources]);
  }
  return Object.fromEntries([...allowed].map(([action, resources]) => [action, resources.join(" ")]));
}

/** Handlers whose function may call an action on a resource that contains `resource`. */
export function whoMay(synthesized: Synthesized, action: string, resource = ""): readonly string[] {
  return [...synthesized.handlers.values()]
    .filter((handler) =>
      statementsOf(synthesized, roleOf(synthesized, handler)).some(
        ({ actions, resources }) =>
          actions.some((allowed) => covers(allowed, action)) &&
          resources.some((allowed) => allowed === "*" || allowed.includes(resource)),
      ),
    )
    .sort();
}

/** A permission may name its action by a pattern. */
function covers(allowed: string, action: string): boolean {
  return new RegExp(`^${allowed.replaceAll("*", ".*")}$`, "i").test(action);
}

const joinSchema = z.object({ "Fn::Join": z.tuple([z.string(), z.array(z.unknown())]) });
const attributeSchema = z.object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) });
const refSchema = z.object({ Ref: z.string() });

/** A reference of CloudFormation in one string: `<LogicalId.Arn>`. */
function flat(value: unknown): string {
  if (typeof value === "string") return value;
  const join = joinSchema.safeParse(value).data?.["Fn::Join"];
  if (join) return join[1].map(flat).join(join[0]);
  const attribute = attributeSchema.safeParse(value).data?.["Fn::GetAtt"];
  if (attribute) return `<${attribute.join(".")}>`;
  return `<${refSchema.parse(value).Ref}>`;
}
