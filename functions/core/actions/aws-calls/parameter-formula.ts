/**
 * What a value of a parameter group comes to for so much memory; null where it is written otherwise. The logarithm is the
 * binary one. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html
 */
export function formulaValue(text: string, memoryBytes: number): number | null {
  const [, called, within = text] = /^\s*(LEAST|GREATEST|SUM)\s*\((.*)\)\s*$/i.exec(text) ?? [];
  const terms = called === undefined ? [text] : within.split(",");
  const values = terms.map((term) => termValue(term, memoryBytes));
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length === 0) return null;
  switch (called?.toUpperCase()) {
    case "LEAST":
      return Math.min(...known);
    case "GREATEST":
      return Math.max(...known);
    default:
      return known.reduce((sum, value) => sum + value, 0);
  }
}

function termValue(term: string, memoryBytes: number): number | null {
  const plain = /^\s*(-?\d+(?:\.\d+)?)\s*$/.exec(term)?.[1];
  if (plain !== undefined) return Number(plain);
  const found = /^\s*\{(log\()?DBInstanceClassMemory(?:\*(\d+))?(?:\/(\d+))?(\))?(?:\*(\d+))?\}\s*$/.exec(
    term,
  );
  if (found === null || (found[1] === undefined) !== (found[4] === undefined)) return null;
  const [, log, times = "1", parts = "1", , more = "1"] = found;
  const value = (memoryBytes * Number(times)) / Number(parts);
  return (log === undefined ? value : Math.log2(value)) * Number(more);
}
