import { NormalizedSchema } from "@smithy/core/schema";

/** [kind, namespace, name, traits, input]. */
export type Operation = readonly [
  ...[kind: unknown, namespace: unknown, name: unknown, traits: unknown],
  input: Parameters<typeof NormalizedSchema.of>[0],
];

/** An input of an operation that has every field, each of a value that fits; what contains itself ends after some levels. */
export function someInput([, , , , input]: Operation): unknown {
  return someOf(NormalizedSchema.of(input), 4);
}

function someOf(schema: NormalizedSchema, levels: number): unknown {
  if (schema.isUnionSchema()) return Object.fromEntries([...fields(schema, levels)].slice(0, 1));
  if (schema.isStructSchema()) return Object.fromEntries(fields(schema, levels));
  if (schema.isListSchema()) return levels === 0 ? [] : [someOf(schema.getValueSchema(), levels - 1)];
  if (schema.isMapSchema()) return levels === 0 ? {} : { key: someOf(schema.getValueSchema(), levels - 1) };
  if (schema.isTimestampSchema()) return new Date("2026-11-30T03:14:15Z");
  if (schema.isBlobSchema()) return new TextEncoder().encode("bytes");
  if (schema.isBooleanSchema()) return true;
  if (schema.isNumericSchema()) return 7;
  return "text <&> ü";
}

function* fields(schema: NormalizedSchema, levels: number): Generator<[string, unknown]> {
  for (const [name, of] of schema.structIterator()) if (levels > 0) yield [name, someOf(of, levels - 1)];
}
