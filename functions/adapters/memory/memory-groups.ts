import * as z from "zod";
import type { ParameterState } from "../../core/change-ports.ts";
import type { GroupState } from "../../core/made-group-ports.ts";
import type { AwsCall } from "../../core/text/aws-call.ts";

const callSchema = z.object({
  DBParameterGroupName: z.string().optional(),
  DBClusterParameterGroupName: z.string().optional(),
  SourceDBParameterGroupIdentifier: z.string().optional(),
  TargetDBParameterGroupIdentifier: z.string().optional(),
  SourceDBClusterParameterGroupIdentifier: z.string().optional(),
  TargetDBClusterParameterGroupIdentifier: z.string().optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
  Parameters: z.array(z.object({ ParameterName: z.string(), ParameterValue: z.string() })).default([]),
});

/** Parameter groups of RDS. All have the same at first; those with the responder's prefix are there once they are made. */
export function createMemoryGroups(parameters: readonly ParameterState[]) {
  const sets = new Map<string, Map<string, string>>();
  const tags = new Map<string, Readonly<Record<string, string>>>();
  const of = (group: string): Map<string, string> => {
    const values = sets.get(group) ?? new Map<string, string>();
    sets.set(group, values);
    return values;
  };
  return {
    /** False: there is one of that name already. */
    take({ operation, input }: AwsCall): boolean {
      const given = callSchema.parse(input);
      const name =
        given.TargetDBParameterGroupIdentifier ??
        given.TargetDBClusterParameterGroupIdentifier ??
        given.DBParameterGroupName ??
        given.DBClusterParameterGroupName ??
        "";
      if (operation.startsWith("Modify")) {
        for (const { ParameterName, ParameterValue } of given.Parameters)
          of(name).set(ParameterName, ParameterValue);
        return true;
      }
      if (sets.has(name)) return false;
      const source = given.SourceDBParameterGroupIdentifier ?? given.SourceDBClusterParameterGroupIdentifier;
      sets.set(name, new Map(sets.get(source ?? "")));
      tags.set(name, Object.fromEntries(given.Tags.map(({ Key, Value }) => [Key, Value])));
      return true;
    },
    state: (group: string): GroupState => ({
      tags: tags.get(group) ?? {},
      set: new Map([
        ...parameters.flatMap(({ name, value, isSet }) =>
          isSet && value !== null ? [[name, value] as const] : [],
        ),
        ...(sets.get(group) ?? []),
      ]),
    }),
    /** Null: there is no such group. */
    parameters(group: string, names: readonly string[]): readonly ParameterState[] | null {
      if (group.startsWith("responder-") && !sets.has(group)) return null;
      return parameters
        .filter(({ name }) => names.includes(name))
        .map((one) => {
          const value = sets.get(group)?.get(one.name);
          return value === undefined ? one : { ...one, value, isSet: true };
        });
    },
  };
}
