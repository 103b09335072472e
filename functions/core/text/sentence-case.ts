/** The first letter large, the rest as it is. */
export function sentenceCase(text: string): string {
  return text.replace(/^./, (first) => first.toUpperCase());
}
